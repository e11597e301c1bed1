// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.TLS_FAILED;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.assertRefused;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  private static TestCertificates authority;
  private static TestCertificates otherAuthority;
  private static TestCertificates server;
  private static TestCertificates misnamed;

  @TempDir private Path dir;

  @BeforeAll
  static void makeCertificates() {
    authority = TestCertificates.authority("good CA");
    otherAuthority = TestCertificates.authority("other CA");
    server = authority.issue("localhost");
    misnamed = authority.issue("elsewhere.example");
  }

  private static void assertTrusted(TestCertificates presented, TestCertificates pinned)
      throws SecurityApiException {
    try (FakeLeshanApi fake = FakeLeshanApi.overTls(presented)) {
      LeshanSecurityApi client =
          LeshanSecurityApi.builder(fake.uri()).trust(pinned.certificate()).build();
      client.put(credential("dev-1"));
      assertThat(client.list()).hasSize(1);
      assertThat(client.remove("dev-1")).isTrue();
    }
  }

  private static void assertNotTrusted(
      TestCertificates presented, TestCertificates pinned, String... why) {
    try (FakeLeshanApi fake = FakeLeshanApi.overTls(presented)) {
      LeshanSecurityApi client =
          LeshanSecurityApi.builder(fake.uri()).trust(pinned.certificate()).build();
      assertRefused(TLS_FAILED, () -> client.put(credential("dev-1")))
          .withMessageContaining(fake.uri().toString())
          .withMessageContainingAll(why);
      assertThat(fake.requests()).isEmpty();
    }
  }

  @Test
  void pinnedAuthority_issuedTheServersCertificate_isTrusted() throws Exception {
    assertTrusted(server, authority);
  }

  @Test
  void pinnedAuthority_didNotIssueTheServersCertificate_isRefused() {
    assertNotTrusted(server, otherAuthority, "is not trusted", "pin the server's certificate");
  }

  @Test
  void pinnedAuthority_serverHasAnotherName_isRefused() {
    assertNotTrusted(misnamed, authority, "is for another name than localhost");
  }

  @Test
  void pinnedAuthority_serverIsCalledByItsAddress_isRefused() {
    try (FakeLeshanApi fake = FakeLeshanApi.overTls(server)) {
      URI byAddress = URI.create("https://127.0.0.1:" + fake.uri().getPort());
      LeshanSecurityApi client =
          LeshanSecurityApi.builder(byAddress).trust(authority.certificate()).build();

      assertRefused(TLS_FAILED, client::list)
          .withMessageContaining("is for another name than 127.0.0.1");
    }
  }

  @Test
  void pinnedServerCertificate_selfSigned_isTrusted() throws Exception {
    TestCertificates selfSigned = TestCertificates.selfSigned("localhost");
    assertTrusted(selfSigned, selfSigned);
  }

  @Test
  void pinnedServerCertificate_withAnotherName_isTrusted() throws Exception {
    TestCertificates selfSigned = TestCertificates.selfSigned("elsewhere.example");
    assertTrusted(selfSigned, selfSigned);
    assertTrusted(misnamed, misnamed);
  }

  @Test
  void pinnedServerCertificate_serverHasAnotherOfThatName_isRefused() {
    assertNotTrusted(
        TestCertificates.selfSigned("localhost"),
        TestCertificates.selfSigned("localhost"),
        "is not trusted");
    assertNotTrusted(server, authority.issue("localhost"), "is not trusted");
  }

  @Test
  void pinnedServerCertificate_issuesAnother_isNoAuthority() {
    TestCertificates leaf = TestCertificates.selfSigned("localhost");
    assertNotTrusted(leaf.issue("localhost"), leaf, "is not trusted");
  }

  @Test
  void pinnedServerCertificate_expired_isRefused() {
    TestCertificates expired = TestCertificates.selfSignedAndExpired("localhost");
    assertNotTrusted(expired, expired, "is not valid today", "clock");
  }

  @Test
  void nothingPinned_serverUnknownToTheRuntime_isRefused() {
    try (FakeLeshanApi fake = FakeLeshanApi.overTls(server)) {
      assertRefused(TLS_FAILED, () -> fake.client().put(credential("dev-1")))
          .withMessageContainingAll("is not trusted", "pin");
      assertThat(fake.requests()).isEmpty();
    }
  }

  @Test
  void https_serverSpeaksPlainHttp_isTlsFailed() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
      CompletableFuture<Void> answered =
          CompletableFuture.runAsync(
              () -> {
                try (Socket connection = plain.accept()) {
                  connection.getInputStream().read(new byte[4096]);
                  connection
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      URI uri = URI.create("https://127.0.0.1:" + plain.getLocalPort());

      assertRefused(TLS_FAILED, () -> LeshanSecurityApi.builder(uri).build().list())
          .withMessageContaining("the port is one for https");
      answered.join();
    }
  }

  @Test
  void trustFile_severalCertificatesInPem_trustsEach() throws Exception {
    Path file = dir.resolve("trust.pem");
    Files.writeString(file, "for the lab:\n" + otherAuthority.pem() + "\n" + authority.pem());
    try (FakeLeshanApi fake = FakeLeshanApi.overTls(server)) {
      LeshanSecurityApi client = LeshanSecurityApi.builder(fake.uri()).trust(file).build();
      client.put(credential("dev-1"));

      assertThat(fake.requests()).hasSize(1);
    }
  }

  @Test
  void trustFile_der_isTrusted() throws Exception {
    Path file = dir.resolve("trust.der");
    Files.write(file, authority.certificate().getEncoded());
    try (FakeLeshanApi fake = FakeLeshanApi.overTls(server)) {
      assertThat(LeshanSecurityApi.builder(fake.uri()).trust(file).build().list()).isEmpty();
    }
  }

  @Test
  void trustFile_withoutCertificates_isRefused() throws Exception {
    LeshanSecurityApi.Builder builder =
        LeshanSecurityApi.builder(URI.create("https://localhost:8443"));
    Path empty = Files.createFile(dir.resolve("empty.pem"));
    Path other = Files.writeString(dir.resolve("other.pem"), "no certificate\n");
    Path broken =
        Files.writeString(
            dir.resolve("broken.pem"), authority.pem().replace("-----END", "AAAA\n-----END"));

    assertThatIllegalArgumentException().isThrownBy(() -> builder.trust(empty));
    assertThatIllegalArgumentException().isThrownBy(() -> builder.trust(other));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.trust(broken))
        .withMessageContaining("broken.pem");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> builder.trust(dir.resolve("absent.pem")));
  }
}
