// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.rest;

import static io.github.lwm2mcreds.leshan.rest.FakeLeshanApi.answering;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.AUTHENTICATION_REQUIRED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.CONNECTION_LOST;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.INTERRUPTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.NOT_LESHAN;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.REDIRECTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.REJECTED;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.SERVER_ERROR;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.TIMEOUT;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNKNOWN_HOST;
import static io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason.UNREACHABLE;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.assertRefused;
import static io.github.lwm2mcreds.leshan.rest.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {
  private static void assertAllRefused(SecurityApiException.Reason reason, FakeLeshanApi server) {
    LeshanSecurityApi client = server.client();
    for (ThrowingCallable call : callsOf(client)) {
      int before = server.requests().size();
      assertRefused(reason, call).withMessageContaining(server.uri().toString());
      assertThat(server.requests()).hasSize(before + 1);
    }
  }

  private static ThrowingCallable[] callsOf(LeshanSecurityApi client) {
    return new ThrowingCallable[] {
      () -> client.put(credential("dev-1")),
      () -> client.remove("dev-1"),
      client::list,
      () -> client.compare(List.of(credential("dev-1")))
    };
  }

  private static LeshanSecurityApi.Builder builder(ServerSocket socket) {
    return LeshanSecurityApi.builder(URI.create("http://127.0.0.1:" + socket.getLocalPort()));
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void anyCall_redirected_isNotFollowed(int status) {
    try (FakeLeshanApi elsewhere = FakeLeshanApi.newer();
        FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(
          exchange -> {
            exchange
                .getResponseHeaders()
                .set("Location", elsewhere.uri() + "/api/security/clients");
            exchange.sendResponseHeaders(status, -1);
          });

      assertAllRefused(REDIRECTED, server);
      assertRefused(REDIRECTED, () -> server.client().put(credential("dev-1")))
          .withMessageContaining(elsewhere.uri().toString());
      assertThat(elsewhere.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void anyCall_notLetIn_asksForAuthentication(int status) {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(status, "who are you?"));

      assertAllRefused(AUTHENTICATION_REQUIRED, server);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503})
  void anyCall_serverFails_saysSo(int status) {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(status, "out of order"));

      assertAllRefused(SERVER_ERROR, server);
      assertRefused(SERVER_ERROR, () -> server.client().list())
          .withMessageContaining("out of order")
          .matches(e -> e.status().getAsInt() == status);
    }
  }

  @Test
  void anyCall_otherRefusal_isRejected() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(429, "slow down"));

      assertAllRefused(REJECTED, server);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 404, 405})
  void anyCall_somethingElseAnswers_isNotLeshan(int status) {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(status, "something else"));

      assertAllRefused(NOT_LESHAN, server);
    }
  }

  @Test
  void listAndPut_wrongPath_isNotLeshan() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      LeshanSecurityApi client =
          LeshanSecurityApi.builder(URI.create(server.uri() + "/elsewhere")).build();

      assertRefused(NOT_LESHAN, client::list).matches(e -> e.status().getAsInt() == 404);
      assertRefused(NOT_LESHAN, () -> client.put(credential("dev-1")));
    }
  }

  @Test
  void anyCall_longAnswerWithKeysInIt_isNotShown() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(answering(500, "failed near 00112233445566778899 and " + "x".repeat(90)));
      assertRefused(SERVER_ERROR, () -> server.client().list())
          .withMessageContaining("failed near <redacted> and xxx");

      server.override(answering(500, "x".repeat(1_000_000)));
      assertRefused(SERVER_ERROR, () -> server.client().list())
          .matches(e -> !e.getMessage().contains("xxx"));
    }
  }

  @Test
  void anyCall_nobodyListens_isUnreachable() throws Exception {
    ServerSocket closed = listen();
    closed.close();

    for (ThrowingCallable call : callsOf(builder(closed).build())) {
      assertRefused(UNREACHABLE, call)
          .withMessageContainingAll(
              "port " + closed.getLocalPort() + " of the host 127.0.0.1", "nothing was sent");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://no-such-host.invalid:8443", "http://no-such-host.invalid"})
  void anyCall_hostWithoutAnAddress_isUnknown(String uri) {
    LeshanSecurityApi client = LeshanSecurityApi.builder(URI.create(uri)).allowPlainHttp().build();
    for (ThrowingCallable call : callsOf(client)) {
      assertRefused(UNKNOWN_HOST, call)
          .withMessageContainingAll("the host no-such-host.invalid", "nothing was sent", "DNS");
    }
  }

  @Test
  void anyCall_proxyThatIsNotThere_isNotTakenForTheServer() throws Exception {
    ServerSocket closed = listen();
    closed.close();
    assertThat(refusalThrough(new InetSocketAddress("127.0.0.1", closed.getLocalPort())))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(UNREACHABLE))
        .hasMessageContaining("port " + closed.getLocalPort() + " of the proxy 127.0.0.1");
    assertThat(refusalThrough(InetSocketAddress.createUnresolved("no-such-proxy.invalid", 3128)))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(UNKNOWN_HOST))
        .hasMessageContaining("the proxy no-such-proxy.invalid");
  }

  private static SecurityApiException refusalThrough(InetSocketAddress proxy) {
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(ProxySelector.of(proxy));
    try {
      LeshanSecurityApi client =
          LeshanSecurityApi.builder(URI.create("https://leshan.example:8443")).build();
      return catchThrowableOfType(SecurityApiException.class, client::list);
    } finally {
      ProxySelector.setDefault(before);
    }
  }

  @Test
  void anyCall_noAnswer_timesOut() throws Exception {
    try (ServerSocket silent = listen()) {
      LeshanSecurityApi client = builder(silent).requestTimeout(Duration.ofMillis(300)).build();
      for (ThrowingCallable call : callsOf(client)) {
        assertRefused(TIMEOUT, call).withMessageContaining("127.0.0.1");
      }
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anyCall_answerThatStops_timesOut() {
    CountDownLatch done = new CountDownLatch(1);
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("[{\"endpoint\":".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
              done.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      LeshanSecurityApi client =
          LeshanSecurityApi.builder(server.uri()).requestTimeout(Duration.ofMillis(300)).build();
      for (ThrowingCallable call : callsOf(client)) {
        assertRefused(TIMEOUT, call);
      }
    } finally {
      done.countDown();
    }
  }

  @Test
  void list_connectionBreaksMidway_isLost() {
    try (FakeLeshanApi server = FakeLeshanApi.newer()) {
      server.override(
          exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("[{\"endpoint\":".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            throw new IOException("breaks off");
          });

      assertRefused(CONNECTION_LOST, () -> server.client().list());
    }
  }

  @Test
  void anyCall_answerThatIsNotHttp_isNotLeshan() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (ServerSocket socket = listen()) {
        CompletableFuture<Void> answered =
            CompletableFuture.runAsync(
                () -> {
                  try (Socket connection = socket.accept()) {
                    connection
                        .getOutputStream()
                        .write("220 8f1d0c5be2a7349610fe\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                    connection.getInputStream().read(new byte[4096]);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        assertRefused(NOT_LESHAN, callsOf(builder(socket).build())[i]).withNoCause();
        answered.join();
      }
    }
  }

  @Test
  void anyCall_threadInterrupted_staysInterrupted() throws Exception {
    try (ServerSocket silent = listen()) {
      for (ThrowingCallable call : callsOf(builder(silent).build())) {
        Thread.currentThread().interrupt();
        try {
          assertRefused(INTERRUPTED, call);
        } finally {
          assertThat(Thread.interrupted()).isTrue();
        }
      }
    }
  }
}
