// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason;
import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import io.github.lwm2mcreds.store.AuditEntry;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers who prove who they are by a client certificate, and servers by a pinned one. */
class ProvisioningCertificateTest {
  @TempDir private Path folder;
  private final LoggedEvents logged = new LoggedEvents();
  private final InMemoryEngine store = new InMemoryEngine();
  private final DeviceCredential credential = CredentialGenerator.counting("dev-%02x", 0).next();
  private RunningProvisioning server;

  @BeforeEach
  void start() {
    server = RunningProvisioning.start(folder, store);
  }

  @AfterEach
  void stop() {
    server.close();
    logged.close();
  }

  private LeshanSecurityApi client(TestCertificates own) {
    return LeshanSecurityApi.builder(server.uri())
        .trust(RunningProvisioning.AUTHORITY.certificate())
        .clientKey(own.key(), List.of(own.certificate()))
        .build();
  }

  @Test
  void certificate_ofTheAuthority_isLetIn_andNamedInTheAuditTrail() throws Exception {
    LeshanSecurityApi operator = client(RunningProvisioning.CLIENTS.issue("operator"));

    operator.put(credential);

    assertThat(operator.list()).hasSize(1);
    assertThat(store.audit(0))
        .extracting(AuditEntry::actor)
        .containsExactly("certificate CN=operator");
  }

  @Test
  void certificate_ofAFactory_adds_andDoesNotList() throws Exception {
    LeshanSecurityApi factory = client(RunningProvisioning.CLIENTS.issue("line-4"));

    factory.put(credential);

    assertThat(store.size()).isEqualTo(1);
    assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(factory::list)
        .matches(e -> e.reason() == Reason.ADD_ONLY);
  }

  @Test
  void certificate_withASubjectThatHasNoAccess_isRefused() {
    assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(() -> client(RunningProvisioning.CLIENTS.issue("line-5")).put(credential))
        .matches(e -> e.reason() == Reason.AUTHENTICATION_REQUIRED)
        .withMessageContaining("the certificate's subject has no access");
    assertThat(store.size()).isZero();
  }

  /** The JDK's client presents none that the server would not take, and so nobody calls. */
  @Test
  void certificate_ofAnotherAuthority_isNotPresented_andRefused() {
    TestCertificates stranger = TestCertificates.authority("another CA").issue("operator");

    assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(() -> client(stranger).put(credential))
        .matches(e -> e.reason() == Reason.AUTHENTICATION_REQUIRED);
    assertThat(store.size()).isZero();
  }

  @Test
  void certificate_ofAnotherAuthority_presentedAllTheSame_endsTheConnection() throws Exception {
    TestCertificates stranger = TestCertificates.authority("another CA").issue("operator");
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(
        new KeyManager[] {new Insisting(stranger)}, new TrustManager[] {TrustAll.INSTANCE}, null);

    try (SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket("localhost", server.uri().getPort())) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () -> {
                socket
                    .getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
                throw new IOException(socket.getInputStream().read() < 0 ? "closed" : "answered");
              })
          .satisfies(e -> assertThat(e.getMessage()).isNotEqualTo("answered"));
    }
    await()
        .untilAsserted(
            () ->
                assertThat(logged.of(Event.PROVISIONING_REFUSED))
                    .singleElement()
                    .asString()
                    .contains(" reason=tls-failed peer=127.0.0.1:", " failure="));
  }

  /** Presents its certificate to anybody, as a hostile client does. */
  private static final class Insisting extends X509ExtendedKeyManager {
    private final TestCertificates own;

    Insisting(TestCertificates own) {
      this.own = own;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return "own";
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
      return "own";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {own.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return own.key();
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"own"};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return new String[0];
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }
  }

  private static final class TrustAll extends X509ExtendedTrustManager {
    static final TrustAll INSTANCE = new TrustAll();

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** A token is what the caller chose to go by. */
  @Test
  void token_thatIsNotKnown_isNotMadeGoodByACertificate() throws Exception {
    HttpResponse<String> answer =
        RunningProvisioning.http(RunningProvisioning.CLIENTS.issue("operator"))
            .send(
                HttpRequest.newBuilder(server.clients())
                    .header("Authorization", "Bearer nonsense")
                    .build(),
                BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void server_pinnedByItsFingerprint_isTrusted_andAnotherIsNot() throws Exception {
    String right = fingerprint(RunningProvisioning.OWN);
    String wrong = fingerprint(RunningProvisioning.AUTHORITY);

    for (String form :
        List.of(right, "sha256:" + right, right.toUpperCase(Locale.ROOT), colons(right))) {
      pinned(form).list();
    }
    assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(() -> pinned(wrong).list())
        .matches(e -> e.reason() == Reason.TLS_FAILED)
        .withMessageContaining("not the one that is pinned");
  }

  private LeshanSecurityApi pinned(String fingerprint) {
    return LeshanSecurityApi.builder(server.uri())
        .pin(fingerprint)
        .header("Authorization", ("Bearer " + server.operator)::toCharArray)
        .build();
  }

  private static String fingerprint(TestCertificates of) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(of.certificate().getEncoded()));
  }

  private static String colons(String hex) {
    return hex.replaceAll("(..)(?=.)", "$1:");
  }

  @Test
  void pin_thatIsNone_orWithPlainHttp_isRefused() {
    LeshanSecurityApi.Builder https = LeshanSecurityApi.builder(server.uri());
    for (String text : List.of("", "sha256:", "00".repeat(31), "sha1:" + "00".repeat(32))) {
      assertThatIllegalArgumentException().isThrownBy(() -> https.pin(text));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LeshanSecurityApi.builder(URI.create("http://localhost"))
                    .pin("00".repeat(32))
                    .build())
        .withMessageContaining("plain http");
    TestCertificates own = RunningProvisioning.CLIENTS.issue("operator");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                LeshanSecurityApi.builder(URI.create("http://localhost"))
                    .clientKey(own.key(), List.of(own.certificate()))
                    .build())
        .withMessageContaining("plain http");
    assertThatIllegalArgumentException().isThrownBy(() -> https.clientKey(own.key(), List.of()));
  }
}
