// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.TestCertificates;
import io.github.lwm2mcreds.store.ManagedCredentialStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/** A provisioning server on the loopback interface with an operator and a factory. */
public final class RunningProvisioning implements AutoCloseable {
  static final TestCertificates AUTHORITY = TestCertificates.authority("a server's CA");
  static final TestCertificates CLIENTS = TestCertificates.authority("the clients' CA");
  static final TestCertificates OWN = AUTHORITY.issue("localhost");
  private static final char[] PASSWORD = "not a secret".toCharArray();

  public final String operator = new String(AccessToken.create(), US_ASCII);
  public final String factory = new String(AccessToken.create(), US_ASCII);
  final Path access;
  private final Path folder;
  private final ProvisioningServer server;

  private RunningProvisioning(
      Path folder,
      ManagedCredentialStore store,
      UnaryOperator<ProvisioningServer.Builder> settings) {
    this.folder = folder;
    this.access = folder.resolve("access");
    try {
      AccessList.empty()
          .withToken("ops", ProvisioningRole.OPERATOR, operator.getBytes(US_ASCII))
          .withToken("line-3", ProvisioningRole.FACTORY, factory.getBytes(US_ASCII))
          .withCertificate(new X500Principal("CN=operator"), ProvisioningRole.OPERATOR)
          .withCertificate(new X500Principal("CN=line-4"), ProvisioningRole.FACTORY)
          .write(access);
      ProvisioningServer.Builder builder =
          ProvisioningServer.builder(store, access)
              .address(new InetSocketAddress("localhost", 0))
              .certificate(OWN.key(), List.of(OWN.certificate()))
              .clientAuthorities(List.of(CLIENTS.certificate()));
      server = settings.apply(builder).start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public static RunningProvisioning start(Path folder, ManagedCredentialStore store) {
    return new RunningProvisioning(folder, store, UnaryOperator.identity());
  }

  static RunningProvisioning start(Path folder, ManagedCredentialStore store, Limits limits) {
    return new RunningProvisioning(folder, store, builder -> builder.limits(limits));
  }

  public URI uri() {
    return server.uri();
  }

  ConnectionGuard connections() {
    return server.connections();
  }

  URI clients() {
    return URI.create(uri() + "/api/security/clients");
  }

  /** Writes the certificate that clients trust. */
  public Path caFile() throws IOException {
    return Files.writeString(folder.resolve("ca.pem"), AUTHORITY.pem());
  }

  /** Writes a token to a file. */
  public Path file(String token) throws IOException {
    return Files.writeString(folder.resolve("token-" + token.hashCode()), token + "\n");
  }

  /** Makes this library's client, with a token. */
  LeshanSecurityApi client(String token) {
    return LeshanSecurityApi.builder(uri())
        .trust(AUTHORITY.certificate())
        .header("Authorization", ("Bearer " + token)::toCharArray)
        .build();
  }

  /** Sends a request with a token; with none if that is empty. */
  HttpResponse<String> send(String token, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return http(null).send(request.build(), BodyHandlers.ofString());
  }

  /** Makes the JDK's client, with a client certificate unless that is null. */
  static HttpClient http(TestCertificates own) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .sslContext(tls(own))
        .build();
  }

  static SSLContext tls(TestCertificates own) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", AUTHORITY.certificate());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      if (own != null) {
        keys.setKeyEntry("own", own.key(), PASSWORD, new Certificate[] {own.certificate()});
      }
      KeyManagerFactory manager = KeyManagerFactory.getInstance("PKIX");
      manager.init(keys, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(manager.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
