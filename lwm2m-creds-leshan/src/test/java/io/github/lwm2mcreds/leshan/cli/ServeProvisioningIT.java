// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runnable jar's provisioning endpoint. */
class ServeProvisioningIT {
  private static final String STORE = "--store=sqlite:fleet.db";
  private static final Pattern LISTENING =
      Pattern.compile(
          "provisioning on (https://127\\.0\\.0\\.1:\\d+), certificate (sha256:\\w{64})");

  @TempDir private Path folder;
  private final List<Child> children = new ArrayList<>();
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
    done(
        "access",
        "add",
        "ops",
        "--role",
        "operator",
        "--file=~/fleet.db.access",
        "-o",
        "~/ops.token");
    done(
        "access",
        "add",
        "line-3",
        "--role",
        "factory",
        "--file=~/fleet.db.access",
        "-o",
        "~/line-3.token");
  }

  @AfterEach
  void stop() throws Exception {
    String ops = Files.readString(folder.resolve("ops.token")).strip();
    for (Child child : children) {
      child.close();
      assertThat(child.output()).doesNotContain(TOKEN, OTHER_TOKEN, ops);
    }
  }

  private Child jar(String... args) {
    Child child = Child.startJar(folder, args);
    children.add(child);
    return child;
  }

  /** Runs a command here, which is faster, with the test's folder for {@code ~}. */
  private Cli run(String... args) {
    return Cli.run(
        Arrays.stream(args).map(arg -> arg.replace("~", folder.toString())).toArray(String[]::new));
  }

  private String done(String... args) {
    Cli run = run(args);
    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out() + run.err()).doesNotContain(TOKEN, OTHER_TOKEN);
    return run.out();
  }

  private Child serve(String... options) {
    List<String> all =
        new ArrayList<>(List.of("serve", STORE, "--coaps-port=0", "--provisioning-port=0"));
    all.addAll(List.of(options));
    return jar(all.toArray(String[]::new));
  }

  private static MatchResult listening(Child serve) throws Exception {
    String line = serve.awaitLine(l -> LISTENING.matcher(l).matches());
    return LISTENING.matcher(line).results().findFirst().orElseThrow();
  }

  @Test
  void serve_withACertificateOfItsOwn_takesCredentials_andServesTheirDevicesAtOnce()
      throws Exception {
    Child serve = serve();
    MatchResult endpoint = listening(serve);
    String coaps = serve.awaitLine(line -> line.startsWith("listening on ")).substring(13);
    String device = store.partition("sensor-1", TOKEN);

    done(
        "provision",
        device,
        "--server=" + endpoint.group(1),
        "--pin=" + endpoint.group(2),
        "--bearer-token=@~/line-3.token");
    assertThat(jar("device", device, "--server", coaps, "--once").awaitEnd()).isZero();
    serve.awaitLine("registered sensor-1"::equals);

    assertThat(done("store", "audit", "--store=sqlite:~/fleet.db")).contains("token line-3");
    Cli wrongPin =
        run(
            "provision",
            device,
            "--server=" + endpoint.group(1),
            "--pin=sha256:" + "00".repeat(32),
            "--bearer-token=@~/line-3.token");
    assertThat(wrongPin.code()).isEqualTo(1);
    Cli unknown =
        run(
            "provision",
            device,
            "--server=" + endpoint.group(1),
            "--pin=" + endpoint.group(2),
            "--bearer-token=@~/fleet.db.access");
    assertThat(unknown.code()).isEqualTo(1);
    serve.awaitLine(line -> line.contains("provisioning-refused reason=not-authenticated"));
  }

  @Test
  void serve_startedAgain_hasTheSameCertificate_inAPrivateFile() throws Exception {
    Child first = serve();
    String fingerprint = listening(first).group(2);
    first.terminate();
    assertThat(first.awaitEnd()).isZero();
    assertThat(first.output()).endsWith("stopped");

    assertThat(listening(serve("--format=text")).group(2)).isEqualTo(fingerprint);
    Path file = folder.resolve("fleet.db.access.pem");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void serve_withACertificateOfItsOwn_isTrustedByCurl_thatHasTheCertificate() throws Exception {
    Peers.require("curl");
    String uri = listening(serve()).group(1);
    String pem = Files.readString(folder.resolve("fleet.db.access.pem"));
    Path own =
        Files.writeString(
            folder.resolve("own.pem"), pem.substring(pem.indexOf("-----BEGIN CERTIFICATE")));
    String token = Files.readString(folder.resolve("ops.token")).strip();
    Path header = Files.writeString(folder.resolve("header"), "Authorization: Bearer " + token);

    for (String host : List.of("127.0.0.1", "localhost")) {
      Peers.run(
          "curl",
          "--silent",
          "--show-error",
          "--fail",
          "--cacert",
          own.toString(),
          "--header",
          "@" + header,
          uri.replace("127.0.0.1", host) + "/api/security/clients");
    }
  }

  @Test
  void serve_withCertificatesOfAuthorities_letsAClientsCertificateIn() throws Exception {
    TestCertificates authority = TestCertificates.authority("own CA");
    authority.issue("127.0.0.1").write(folder.resolve("server.p12"));
    authority.issue("line-4").write(folder.resolve("line-4.p12"));
    Files.writeString(folder.resolve("ca.pem"), authority.pem());
    Files.writeString(folder.resolve("password"), "changeit\n");
    done(
        "access", "add", "--subject", "CN=line-4", "--role", "factory", "--file=~/fleet.db.access");
    Child serve =
        serve(
            "--provisioning-certificate=server.p12",
            "--provisioning-passphrase=@password",
            "--provisioning-client-ca=ca.pem");
    MatchResult endpoint = listening(serve);

    done(
        "provision",
        store.partition("sensor-2", OTHER_TOKEN),
        "--server=" + endpoint.group(1),
        "--pin=" + endpoint.group(2),
        "--client-key=~/line-4.p12",
        "--client-passphrase=@~/password");

    assertThat(done("store", "audit", "--store=sqlite:~/fleet.db"))
        .contains("certificate CN=line-4");
    assertThat(folder.resolve("fleet.db.access.pem")).doesNotExist();
  }

  @Test
  void serve_whileJettyWouldLogKeys_doesNotStart() throws Exception {
    Map<String, String> debug =
        Map.of("JAVA_TOOL_OPTIONS", "-Dorg.slf4j.simpleLogger.log.org.eclipse.jetty.http=debug");
    Child serve =
        Child.startJar(folder, debug, "serve", STORE, "--coaps-port=0", "--provisioning-port=0");
    children.add(serve);

    assertThat(serve.awaitEnd()).isEqualTo(1);
    assertThat(serve.output()).contains("set the level of org.eclipse.jetty to INFO");
  }

  @Test
  void serve_withoutWhatItNeeds_failsInOneLine() throws Exception {
    Files.delete(folder.resolve("fleet.db.access"));
    for (String[] refused :
        new String[][] {
          {"serve", STORE, "--coaps-port=0", "--provisioning-port=0"},
          {"serve", STORE, "--coaps-port=0", "--provisioning-port=70000"},
          {
            "serve",
            "--partition",
            store.partition("sensor-1", TOKEN),
            "--coaps-port=0",
            "--provisioning-port=0"
          },
        }) {
      Child serve = jar(refused);
      assertThat(serve.awaitEnd()).as(Arrays.toString(refused)).isEqualTo(2);
      assertThat(serve.output().lines().filter(line -> !line.startsWith("following"))).hasSize(1);
    }
  }
}
