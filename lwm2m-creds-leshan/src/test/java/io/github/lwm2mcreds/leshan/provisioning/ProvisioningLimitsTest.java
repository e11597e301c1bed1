// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.leshan.rest.LeshanSecurityApi;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException;
import io.github.lwm2mcreds.leshan.rest.SecurityApiException.Reason;
import io.github.lwm2mcreds.store.InMemoryEngine;
import io.github.lwm2mcreds.store.internal.Event;
import io.github.lwm2mcreds.store.internal.LoggedEvents;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers, and peers that are none, who send too much, too fast, too slowly or nothing. */
class ProvisioningLimitsTest {
  private static final String CLIENTS = "/api/security/clients";
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(700);

  @TempDir private Path folder;
  private final LoggedEvents logged = new LoggedEvents();
  private final InMemoryEngine store = new InMemoryEngine();
  private final List<Socket> sockets = new ArrayList<>();
  private final Set<Socket> answered = new HashSet<>();
  private RunningProvisioning server;

  private void start(Limits limits) {
    server = RunningProvisioning.start(folder, store, limits);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
    logged.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("localhost", server.uri().getPort());
    sockets.add(socket);
    return socket;
  }

  private SSLSocket connectTls() throws IOException {
    SSLSocket socket =
        (SSLSocket)
            RunningProvisioning.tls(null)
                .getSocketFactory()
                .createSocket("localhost", server.uri().getPort());
    sockets.add(socket);
    socket.startHandshake();
    return socket;
  }

  private String put(String more) {
    return "PUT "
        + CLIENTS
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + server.factory
        + "\r\n"
        + more;
  }

  private static boolean isEnded(Socket socket) {
    try {
      int before = socket.getSoTimeout();
      socket.setSoTimeout(1);
      try {
        return socket.getInputStream().read(new byte[8192])
            < 0; // what it says first is not the end
      } finally {
        socket.setSoTimeout(before);
      }
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private int status(String token) throws Exception {
    return server.send(token, "GET", CLIENTS, "").statusCode();
  }

  @Test
  void body_thatSaysItIsTooLarge_isNotRead() throws Exception {
    start(Limits.DEFAULT);
    SSLSocket socket = connectTls();

    socket.getOutputStream().write(put("Content-Length: 16385\r\n\r\n").getBytes(US_ASCII));

    assertThat(new String(socket.getInputStream().readNBytes(12), US_ASCII))
        .isEqualTo("HTTP/1.1 413");
  }

  @Test
  void body_ofUnknownLength_isReadUpToTheLimit() throws Exception {
    start(Limits.DEFAULT);
    SSLSocket socket = connectTls();
    String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";

    socket
        .getOutputStream()
        .write((put("Transfer-Encoding: chunked\r\n\r\n") + chunk + "1\r\n").getBytes(US_ASCII));
    socket.getOutputStream().write(" \r\n".getBytes(US_ASCII));

    assertThat(new String(socket.getInputStream().readNBytes(12), US_ASCII))
        .isEqualTo("HTTP/1.1 413");
    assertThat(logged.of(Event.PROVISIONING_REFUSED))
        .singleElement()
        .asString()
        .contains(" reason=too-large ");
  }

  @Test
  void headers_thatAreTooLarge_areRefused() throws Exception {
    start(Limits.DEFAULT);
    SSLSocket socket = connectTls();

    socket.getOutputStream().write(put("X: " + "x".repeat(9000) + "\r\n\r\n").getBytes(US_ASCII));

    assertThat(new String(socket.getInputStream().readNBytes(12), US_ASCII))
        .isEqualTo("HTTP/1.1 431");
  }

  @Test
  void whatIsNoHttp_isRefused_andLogged() throws Exception {
    start(Limits.DEFAULT);
    SSLSocket socket = connectTls();

    socket.getOutputStream().write("GARBAGE\r\n\r\n".getBytes(US_ASCII));

    String answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
    assertThat(answer).startsWith("HTTP/1.1 400").doesNotContain("Jetty", "<");
  }

  @Test
  void requests_thatAreTooMany_areToldToWait_forEachCallerByItself() throws Exception {
    start(Limits.DEFAULT.withRequestsPerSecond(1));
    status(server.operator);
    status(server.operator);

    HttpResponse<String> third = server.send(server.operator, "GET", CLIENTS, "");
    assertThat(third.statusCode()).isEqualTo(429);
    assertThat(third.headers().firstValue("Retry-After")).contains("1");
    assertThat(status(server.factory)).as("another caller").isEqualTo(403);
    assertThat(logged.of(Event.PROVISIONING_REFUSED))
        .anyMatch(line -> line.contains(" reason=too-fast ") && line.contains("token ops"));
  }

  @Test
  void leshanClient_toldToWait_waitsAndGoesOn() throws Exception {
    start(Limits.DEFAULT.withRequestsPerSecond(2));
    LeshanSecurityApi client = server.client(server.factory);
    CredentialGenerator generator = CredentialGenerator.counting("dev-%02x", 0);

    for (int i = 0; i < 7; i++) {
      client.put(generator.next());
    }

    assertThat(store.size()).isEqualTo(7);
    assertThat(logged.of(Event.PROVISIONING_REFUSED)).isNotEmpty();
  }

  @Test
  void leshanClient_withoutTimeToWait_isToldWhy() {
    start(Limits.DEFAULT.withRequestsPerSecond(1));
    LeshanSecurityApi client =
        LeshanSecurityApi.builder(server.uri())
            .trust(RunningProvisioning.AUTHORITY.certificate())
            .header("Authorization", ("Bearer " + server.operator)::toCharArray)
            .requestTimeout(Duration.ofMillis(900))
            .build();

    assertThatExceptionOfType(SecurityApiException.class)
        .isThrownBy(
            () -> {
              for (int i = 0; i < 100; i++) {
                client.list();
              }
            })
        .matches(e -> e.reason() == Reason.REJECTED)
        .withMessageContaining("more than 1 requests a second");
  }

  /** A delay is never shorter than it was asked for, so this does not depend on speed. */
  @Test
  void failures_ofOneAddress_areSlowedDown_andWhoIsKnownIsNot() throws Exception {
    Duration delay = Duration.ofMillis(300);
    start(new Limits(LONG, LONG, 256, 32, 100, delay));
    for (int i = 0; i < Limits.FAILURES_AT_ONCE; i++) {
      assertThat(status("nonsense")).isEqualTo(401);
    }

    long begin = System.nanoTime();
    assertThat(status("nonsense")).isEqualTo(401);
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(delay.toNanos());
    assertThat(status(server.operator)).isEqualTo(200);
  }

  @Test
  void peers_thatSendNothingOrSlowly_areCutOff_andHoldNobodyUp() throws Exception {
    start(new Limits(SHORT, LONG, 256, 32, 100, SHORT));
    Socket silent = connect();
    SSLSocket withoutRequest = connectTls();
    SSLSocket halfHeader = connectTls();
    halfHeader.getOutputStream().write(put("X: ").getBytes(US_ASCII));
    SSLSocket halfBody = connectTls();
    halfBody.getOutputStream().write(put("Content-Length: 100\r\n\r\n{").getBytes(US_ASCII));

    assertThat(status(server.operator)).isEqualTo(200);

    for (Socket socket : List.of(silent, withoutRequest, halfHeader, halfBody)) {
      await()
          .until(
              () -> {
                trickle(halfHeader);
                return isEnded(socket);
              });
    }
    assertThat(logged.of(Event.PROVISIONING_REFUSED))
        .isNotEmpty()
        .allMatch(line -> line.contains(" reason=too-slow "));
    assertThat(status(server.operator)).isEqualTo(200);
  }

  /** Goes on with one byte now and then, as an idle timeout alone would allow for ever. */
  private static void trickle(SSLSocket socket) {
    try {
      socket.getOutputStream().write('x');
    } catch (IOException e) {
      // it was cut off
    }
  }

  @Test
  void bodies_thatNeverCome_holdUpNobodyElse() throws Exception {
    start(new Limits(LONG, LONG, 256, 100, 1000, SHORT));
    for (int i = 0; i < 32; i++) { // more than there are threads
      connectTls().getOutputStream().write(put("Content-Length: 100\r\n\r\n").getBytes(US_ASCII));
    }
    await()
        .until(
            () -> sockets.stream().filter(this::isAnswered).count() == 32 - Limits.BODIES_OF_ONE);

    assertThat(status(server.operator)).isEqualTo(200);
    server.client(server.operator).put(CredentialGenerator.counting("dev-%02x", 0).next());
    assertThat(server.send(server.operator, "DELETE", CLIENTS + "/dev-00", "").statusCode())
        .isEqualTo(200);
    assertThat(logged.of(Event.PROVISIONING_REFUSED))
        .isNotEmpty()
        .allMatch(line -> line.contains(" reason=too-fast "));
  }

  /** Whether something has come, once or now. */
  private boolean isAnswered(Socket socket) {
    try {
      socket.setSoTimeout(1);
      if (socket.getInputStream().read(new byte[8192]) > 0) {
        answered.add(socket);
      }
    } catch (IOException e) {
      // nothing yet
    }
    return answered.contains(socket);
  }

  @Test
  void connections_ofOneAddress_areLimited() throws Exception {
    start(new Limits(LONG, LONG, 100, 3, 100, SHORT));
    List<Socket> many = Stream.of(connect(), connect(), connect(), connect()).toList();

    await().until(() -> many.stream().anyMatch(ProvisioningLimitsTest::isEnded));

    assertThat(many.stream().filter(socket -> !isEnded(socket))).hasSize(3);
    assertThat(logged.of(Event.PROVISIONING_REFUSED))
        .singleElement()
        .asString()
        .contains(" reason=too-many-connections peer=127.0.0.1:");
  }

  @Test
  void connections_beyondAll_pushOutTheOldestThatHasProvedNothing() throws Exception {
    start(new Limits(LONG, LONG, 3, 100, 100, SHORT));
    SSLSocket known = connectTls();
    known.getOutputStream().write(put("Content-Length: 2\r\n\r\n{").getBytes(US_ASCII));
    await().until(() -> server.connections().provenCount() == 1);
    Socket oldest = connect();
    await().until(() -> server.connections().size() == 2);
    Socket newer = connect();
    await().until(() -> server.connections().size() == 3);

    Socket newest = connect();

    await().until(() -> isEnded(oldest));
    assertThat(List.of(known, newer, newest)).noneMatch(ProvisioningLimitsTest::isEnded);
    known.getOutputStream().write('}');
    assertThat(new String(known.getInputStream().readNBytes(12), US_ASCII))
        .isEqualTo("HTTP/1.1 400");
  }

  /** What is held for a connection is given up with it. */
  @Test
  void connections_thatEnd_leaveNothingBehind() throws Exception {
    start(Limits.DEFAULT);
    for (int i = 0; i < 20; i++) {
      connectTls().close();
      connect().close();
      status(server.operator);
    }
    await().until(() -> server.connections().size() <= 20); // the clients' that are kept alive
    DeviceCredential credential = CredentialGenerator.counting("dev-%02x", 0).next();
    server.client(server.operator).put(credential);
    assertThat(store.size()).isEqualTo(1);
  }
}
