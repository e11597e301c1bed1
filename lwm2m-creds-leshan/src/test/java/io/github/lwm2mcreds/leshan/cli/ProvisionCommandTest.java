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
      assertThat(run.out()).containsPattern("first +[0-9a-f]{8}  sent").doesNotContain(TOKEN);
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
  void dryRun_sendsNothing() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      Cli run = provision(server.uri().toString(), first, "--dry-run");

      assertThat(run.code()).isZero();
      assertThat(run.out()).contains("first", "would be sent");
      assertThat(server.requests()).isEmpty();
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
      assertThat(server.requests()).hasSize(1);
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
    assertThat(run.out().lines()).satisfiesExactly(endsWith("failed"), endsWith("not sent"));
  }

  @Test
  void identityInUse_failsThatDeviceAlone() throws Exception {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      LeshanSecurityApi.builder(server.uri())
          .build()
          .put(
              DeviceCredential.of(
                  "somebody",
                  PskIdentity.of("first"),
                  PreSharedKey.ofHex(TOKEN.getBytes(StandardCharsets.US_ASCII))));

      Cli run = provision(server.uri().toString(), first, second);

      assertThat(run.code()).isEqualTo(1);
      assertThat(run.out().lines()).satisfiesExactly(endsWith("failed"), endsWith("sent"));
      assertThat(run.errLines()).hasSize(1);
      assertThat(run.err()).contains("'first' belongs to another endpoint");
      assertThat(server.stored("second")).isNotNull();
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
    String file = folder.resolve(endpoint + ".bin").toString();
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
