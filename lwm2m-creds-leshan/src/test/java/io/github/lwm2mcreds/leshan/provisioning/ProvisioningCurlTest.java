// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Peers;
import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.InMemoryEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines of scripts that were written for Leshan's own API, with curl. */
class ProvisioningCurlTest {
  @TempDir private Path folder;
  private final InMemoryEngine store = new InMemoryEngine();
  private final DeviceCredential credential = CredentialGenerator.counting("dev-%02x", 0).next();
  private final String key = HexFormat.of().formatHex(credential.psk().exposeBytes());
  private RunningProvisioning server;

  @BeforeEach
  void start() {
    Peers.require("curl");
    server = RunningProvisioning.start(folder, store);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  /** What curl ended with, and the status and text that it printed. */
  private record Curl(int exit, String output) {}

  private Curl curl(String path, String... options) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("curl", "--silent", "--show-error", "--write-out", " %{http_code}"));
    command.addAll(List.of("--cacert", server.caFile().toString()));
    command.addAll(List.of(options));
    command.add(server.uri() + path);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Curl(process.waitFor(), output);
  }

  /** Keeps the token out of the process list. */
  private String[] as(String token, String... options) throws IOException {
    Path header =
        Files.writeString(folder.resolve("header"), "Authorization: Bearer " + token + "\n");
    List<String> all = new ArrayList<>(List.of("--header", "@" + header));
    all.addAll(List.of(options));
    return all.toArray(String[]::new);
  }

  private String newer() {
    return "{\"endpoint\":\"dev-00\",\"tls\":{\"mode\":\"psk\",\"details\":{\"identity\":\"dev-00\","
               + "\"key\":\""
        + key
        + "\"}}}";
  }

  private String older() {
    return "{\"endpoint\":\"dev-00\",\"psk\":{\"identity\":\"dev-00\",\"key\":\"" + key + "\"}}";
  }

  @Test
  void linesOfScripts_inEitherDialect_keepWorking() throws Exception {
    String clients = "/api/security/clients";

    for (String body : List.of(newer(), older())) {
      assertThat(curl(clients, as(server.operator, "-X", "PUT", "-d", body)))
          .isEqualTo(new Curl(0, " 200"));
      Curl list = curl(clients, as(server.operator));
      assertThat(list.output()).contains("\"endpoint\":\"dev-00\"", " 200").doesNotContain(key);
      assertThat(curl(clients + "/dev-00", as(server.operator, "-X", "DELETE")))
          .isEqualTo(new Curl(0, " 200"));
      assertThat(curl(clients + "/dev-00", as(server.operator, "-X", "DELETE")))
          .isEqualTo(new Curl(0, "{\"message\":\"not_found\"} 200"));
    }
    assertThat(curl("/api/security/dev-00", as(server.factory, "-X", "PUT", "-d", older())))
        .isEqualTo(new Curl(0, " 200"));
    assertThat(curl(clients, "-X", "PUT", "-d", newer()).output()).endsWith(" 401");
  }

  @Test
  void clientCertificate_ofTheRightAuthority_isLetIn_andOfAnotherIsNot() throws Exception {
    assertThat(curl("/api/security/clients", certificate(RunningProvisioning.CLIENTS)))
        .isEqualTo(new Curl(0, "[] 200"));
    assertThat(
            curl(
                "/api/security/line-4",
                append(
                    certificate(RunningProvisioning.CLIENTS, "line-4"),
                    "-X",
                    "PUT",
                    "-d",
                    older().replace("dev-00", "line-4"))))
        .isEqualTo(new Curl(0, " 200"));
    assertThat(store.audit(0))
        .extracting(AuditEntry::actor)
        .containsExactly("certificate CN=line-4");

    Curl stranger =
        curl("/api/security/clients", certificate(TestCertificates.authority("another CA")));
    assertThat(stranger.exit()).isNotZero();
    assertThat(stranger.output()).endsWith(" 000");
  }

  private String[] certificate(TestCertificates authority) throws IOException {
    return certificate(authority, "operator");
  }

  private String[] certificate(TestCertificates authority, String name) throws IOException {
    TestCertificates own = authority.issue(name);
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(own.key().getEncoded())
            + "\n-----END PRIVATE KEY-----\n"
            + own.pem();
    return new String[] {"--cert", Files.writeString(folder.resolve("own.pem"), pem).toString()};
  }

  private static String[] append(String[] options, String... more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void plainHttp_andOldTls_areNotSpoken() throws Exception {
    Process plain =
        new ProcessBuilder(
                "curl", "--silent", server.uri().toString().replace("https:", "http:") + "/")
            .redirectErrorStream(true)
            .start();
    plain.getOutputStream().close();
    assertThat(new String(plain.getInputStream().readAllBytes(), UTF_8)).doesNotContain("api");
    assertThat(plain.waitFor()).isNotZero();

    assertThat(curl("/api/security/clients", as(server.operator, "--tls-max", "1.1")).exit())
        .isNotZero();
    assertThat(curl("/api/security/clients", as(server.operator, "--tls-max", "1.2")))
        .isEqualTo(new Curl(0, "[] 200"));
  }
}
