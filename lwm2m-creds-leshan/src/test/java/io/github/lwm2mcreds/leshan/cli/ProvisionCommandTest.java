// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.leshan.rest.FakeLeshanApi;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvisionCommandTest {
  private static final String TOKEN = "3f9a1c77e05b42d8a6c4119e8d02b75f";

  private static final String OLD_TOKEN = "a90f6be21d7c4853b0e8f92c6d1534e7";

  @TempDir Path folder;
  private String first;
  private String second;

  @BeforeEach
  void generate() {
    first = generate("first", TOKEN);
    second = generate("second", "5c1d9e24b7308f6a21f0c3d5964e8ba7");
  }

  @Test
  void partitions_areSent_aRowADevice() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      Cli run = provision(server.uri().toString(), first, second);

      assertThat(run.err()).isEmpty();
      assertThat(run.code()).isZero();
      assertThat(run.out().lines()).hasSize(2);
      assertThat(run.out()).containsPattern("first +[0-9a-f]{8}  new  sent").doesNotContain(TOKEN);
      assertThat(server.stored("first")).contains(TOKEN);
      assertThat(server.stored("second")).isNotNull();
    }
  }

  @Test
  void olderServer_takesThemToo() {
    try (FakeLeshanApi server = FakeLeshanApi.older()) {
      assertThat(provision(server.uri().toString(), first).code()).isZero();
      assertThat(server.stored("first")).contains(TOKEN);
    }
  }

  @Test
  void dryRun_asksTheServer_andSendsNothing() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      provision(server.uri().toString(), first);

      Cli run = provision(server.uri().toString(), first, second, "--dry-run");

      assertThat(run.code()).isZero();
      assertThat(run.out().lines())
          .satisfiesExactly(endsWith("same  would be left alone"), endsWith("new  would be sent"));
      assertThat(server.stored("second")).isNull();
      assertThat(methods(server)).containsExactly("GET", "PUT", "GET");
    }
  }

  private static List<String> methods(FakeLeshanApi server) {
    return server.requests().stream().map(FakeLeshanApi.Request::method).toList();
  }

  @Test
  void theSameAgain_isLeftAlone_onEitherKindOfServer() {
    for (FakeLeshanApi kind : List.of(FakeLeshanApi.newer(), FakeLeshanApi.older())) {
      try (FakeLeshanApi server = kind) {
        provision(server.uri().toString(), first, second);
        int before = server.requests().size();

        Cli run = provision(server.uri().toString(), first, second);

        assertThat(run.code()).isZero();
        assertThat(run.out().lines()).hasSize(2).allMatch(row -> row.endsWith("  left alone"));
        assertThat(server.requests()).hasSize(before + 1);
      }
    }
  }

  /** A device in the field would be locked out. */
  @Test
  void anotherKeyOnTheServer_refusesAll_untilToBeReplaced() {
    for (FakeLeshanApi kind : List.of(FakeLeshanApi.newer(), FakeLeshanApi.older())) {
      try (FakeLeshanApi server = kind) {
        String old = generate("first", OLD_TOKEN, "old.bin");
        String checkValue = provision(server.uri().toString(), old).out().split(" +")[1];

        for (String[] options : new String[][] {{first, second}, {first, second, "--dry-run"}}) {
          Cli run = provision(server.uri().toString(), options);

          assertThat(run.code()).isEqualTo(2);
          assertThat(run.out().lines())
              .satisfiesExactly(
                  endsWith(
                      "different: the server's key has the check value "
                          + checkValue
                          + "  refused"),
                  endsWith("new  not sent"));
          assertThat(run.errLines()).hasSize(1);
          assertThat(run.err()).contains("nothing was sent", "--replace");
          assertThat(run.out() + run.err()).doesNotContain(OLD_TOKEN, TOKEN);
          assertThat(server.stored("first")).contains(OLD_TOKEN);
          assertThat(server.stored("second")).isNull();
        }

        Cli dryRun = provision(server.uri().toString(), first, "--replace", "--dry-run");
        assertThat(dryRun.code()).isZero();
        assertThat(dryRun.out()).contains("would be replaced");
        assertThat(server.stored("first")).contains(OLD_TOKEN);

        Cli run = provision(server.uri().toString(), first, second, "--replace");
        assertThat(run.code()).as(run::err).isZero();
        assertThat(run.out().lines()).satisfiesExactly(endsWith("replaced"), endsWith("new  sent"));
        assertThat(server.stored("first")).contains(TOKEN);
      }
    }
  }

  @Test
  void anotherModeOnTheServer_isNamed_andRefusedUntilToBeReplaced() {
    for (FakeLeshanApi kind : List.of(FakeLeshanApi.newer(), FakeLeshanApi.older())) {
      try (FakeLeshanApi server = kind) {
        server.hold("first", "x509");
        server.hold("second", "rpk");

        Cli run = provision(server.uri().toString(), first, second);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).contains("an X.509 certificate", "a raw public key");
        assertThat(methods(server)).doesNotContain("PUT");
        assertThat(provision(server.uri().toString(), first, second, "--replace").code()).isZero();
        assertThat(server.stored("first")).contains(TOKEN);
      }
    }
  }

  @Test
  void anotherIdentityOnTheServer_isNamed_andRefused() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      put(server, "first", "first.2");

      Cli run = provision(server.uri().toString(), first);

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.out()).contains("PSK identity is 'first.2'");
      assertThat(server.stored("first")).startsWith("first.2/");
    }
  }

  @Test
  void oneBadFile_sendsNothingAtAll() {
    String bad = generate("bad", "");
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      Cli run = provision(server.uri().toString(), first, bad);

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.errLines()).hasSize(1);
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void weakKey_isRefusedUnlessAllowedLoudly() {
    String weak = generate("weak", "000102030405060708090a0b0c0d0e0f");
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      assertThat(provision(server.uri().toString(), weak).code()).isEqualTo(2);
      assertThat(server.requests()).isEmpty();

      Cli run = provision(server.uri().toString(), weak, "--allow-weak-keys");
      assertThat(run.code()).isZero();
      assertThat(run.err()).startsWith("warning: ").contains("built-in key");
      assertThat(server.stored("weak")).isNotNull();
    }
  }

  @Test
  void plainHttpElsewhere_isRefused() {
    Cli run = provision("http://192.0.2.1:8080", first);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("https", "--allow-plain-http");
  }

  @Test
  void https_isTrustedByThePinnedAuthorityOnly() throws Exception {
    TestCertificates authority = TestCertificates.authority("ours");
    Path ours = Files.writeString(folder.resolve("ours.pem"), authority.pem());
    Path theirs =
        Files.writeString(folder.resolve("theirs.pem"), TestCertificates.authority("theirs").pem());
    try (FakeLeshanApi server = FakeLeshanApi.overTls(authority.issue("localhost"))) {
      String uri = server.uri().toString();

      assertThat(provision(uri, first, "--ca", ours.toString()).code()).isZero();
      assertThat(provision(uri, first, "--ca", theirs.toString()).code()).isEqualTo(1);
      assertThat(provision(uri, first).code()).isEqualTo(1);
      assertThat(provision(uri, first, "--ca", folder.resolve("none.pem").toString()).code())
          .isEqualTo(2);
      assertThat(methods(server)).containsExactly("GET", "PUT");
    }
  }

  @Test
  void header_isReadFromItsFile() throws Exception {
    Path value = Files.writeString(folder.resolve("token"), "Bearer abc\n");
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      Cli run = provision(server.uri().toString(), first, "--header", "Authorization:@" + value);

      assertThat(run.code()).isZero();
      assertThat(server.requests().get(0).headers().get("Authorization"))
          .containsExactly("Bearer abc");
    }
  }

  @Test
  void serverGone_failsInOneLine() {
    FakeLeshanApi server = FakeLeshanApi.newer();
    String uri = server.uri().toString();
    server.close();

    Cli run = provision(uri, first, second);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void serverThatFailsOnTheWay_endsIt() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.overridePut(502, "");

      Cli run = provision(server.uri().toString(), first, second);

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.errLines()).hasSize(1);
      assertThat(run.out().lines()).satisfiesExactly(endsWith("failed"), endsWith("not sent"));
    }
  }

  @Test
  void identityOfAnotherEndpoint_isFoundBeforeAnythingIsSent() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      put(server, "somebody", "second");

      for (String replace : List.of("--replace", "--timeout=30")) {
        Cli run = provision(server.uri().toString(), first, second, replace);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out().lines())
            .satisfiesExactly(
                endsWith("new  not sent"),
                endsWith("PSK identity in use: 'somebody' has it on the server  refused"));
        assertThat(run.errLines()).hasSize(1);
        assertThat(run.err()).contains("remove that endpoint first").doesNotContain("--replace");
        assertThat(server.stored("first")).isNull();
      }
    }
  }

  /** Somebody else was faster; the other devices are not held up. */
  @Test
  void identityTakenInTheMeantime_failsThatDeviceAlone() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.overridePut(400, "PSK Identity x is already used");

      Cli run = provision(server.uri().toString(), first, second);

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out().lines()).hasSize(2).allMatch(row -> row.endsWith("  failed"));
      assertThat(run.errLines()).hasSize(2);
      assertThat(run.err()).contains("'first' belongs to another endpoint");
    }
  }

  private static void put(FakeLeshanApi server, String endpoint, String identity) throws Exception {
    LeshanSecurityApi.builder(server.uri())
        .build()
        .put(
            DeviceCredential.of(
                endpoint,
                PskIdentity.of(identity),
                PreSharedKey.ofHex(OLD_TOKEN.getBytes(StandardCharsets.US_ASCII))));
  }

  @Test
  void endpointThatCouldNotBeRemovedAgain_sendsNothing_untilAllowed() {
    String odd = generate("a%b", TOKEN, "odd.bin");
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      Cli run = provision(server.uri().toString(), odd, second);

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.errLines()).hasSize(1);
      assertThat(run.err()).contains("'a%b'", "removed", "--allow-unremovable");
      assertThat(server.requests()).isEmpty();

      String[] allowed = {odd, second, "--allow-unremovable"};
      assertThat(provision(server.uri().toString(), allowed).code()).isZero();
      assertThat(server.stored("a%b")).contains(TOKEN);
    }
  }

  @Test
  void addressOfTheApiItself_isThatOfTheServer() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      assertThat(provision(server.uri() + "/api/security/", first).code()).isZero();
      assertThat(server.stored("first")).contains(TOKEN);
    }
  }

  @Test
  void twoKeysForOneEndpoint_sendNothing_andTheSameTwiceIsOneDevice() {
    String other = folder.resolve("other.bin").toString();
    Cli.run("gen-cred-partition", "-did", "first", "--generate-token", "-o", other);
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      Cli run = provision(server.uri().toString(), first, other);

      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("other.bin", "another key");
      assertThat(server.requests()).isEmpty();

      assertThat(provision(server.uri().toString(), first, first).out().lines()).hasSize(1);
    }
  }

  @Test
  void badOptions_areRefusedWithoutAdviceThatDoesNotHelp() throws Exception {
    Path pem =
        Files.writeString(folder.resolve("ca.pem"), TestCertificates.authority("ours").pem());
    String plain = "http://localhost:1";

    for (Cli run :
        List.of(
            provision(plain, first, "--ca", pem.toString()),
            provision(plain, first, "--header", "Host:@" + pem),
            provision(plain, first, "--header", "Authorization: Bearer hunter2"),
            provision("http://user:hunter2@localhost:1", first))) {
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.errLines()).hasSize(1);
      assertThat(run.err()).doesNotContain("--allow-plain-http", "hunter2");
    }
  }

  private static ThrowingConsumer<String> endsWith(String outcome) {
    return row -> assertThat(row).endsWith("  " + outcome);
  }

  private String generate(String endpoint, String token) {
    return generate(endpoint, token, endpoint + ".bin");
  }

  private String generate(String endpoint, String token, String name) {
    String file = folder.resolve(name).toString();
    Cli run =
        Cli.run("gen-cred-partition", "-did", endpoint, "-dtok", token, "-o", file, "--force");
    assertThat(run.code()).isZero();
    return file;
  }

  private static Cli provision(String server, String... rest) {
    List<String> args = new ArrayList<>(List.of("provision", "--server", server));
    args.addAll(List.of(rest));
    return Cli.run(args.toArray(String[]::new));
  }
}
