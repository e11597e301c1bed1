// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.eclipse.californium.elements.util.DatagramReader;
import org.eclipse.californium.elements.util.DatagramWriter;
import org.eclipse.californium.scandium.dtls.DTLSSession;
import org.eclipse.californium.scandium.dtls.SessionId;
import org.eclipse.californium.scandium.dtls.SessionStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that outlive their server in a store which writes them as Scandium does. */
class SessionStoreTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SilentStore store = new SilentStore();
  private final Written sessions = new Written();
  private Loopback loopback;
  private Loopback.Device device;

  /** As a store on the network has them: in bytes. */
  private static final class Written implements SessionStore {
    final Map<SessionId, byte[]> written = new ConcurrentHashMap<>();

    @Override
    public void put(DTLSSession session) {
      DatagramWriter writer = new DatagramWriter();
      session.writeTo(writer);
      written.put(session.getSessionIdentifier(), writer.toByteArray());
    }

    @Override
    public DTLSSession get(SessionId id) {
      byte[] session = written.get(id);
      return session == null ? null : DTLSSession.fromReader(new DatagramReader(session));
    }

    @Override
    public void remove(SessionId id) {
      written.remove(id);
    }
  }

  @BeforeEach
  void connect() {
    store.inner.put(credential("a", "a", 1));
    loopback = new Loopback(store, config -> config.setSessionStore(sessions));
    device = loopback.new Device(impatientDevice(credential("a", "a", 1)));
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  private void startAnew() throws IOException {
    loopback.stopAndSave();
    loopback.startAnew(new byte[] {0});
  }

  private static Object id(EndpointContext context) {
    return context.get(DtlsEndpointContext.KEY_SESSION_ID);
  }

  @Test
  void resume_sameKey_isAnAbbreviatedHandshake() throws IOException {
    EndpointContext before = device.echo("1").join().server();
    startAnew();

    device.resume();
    EndpointContext after = device.echo("2").join().server();

    assertThat(id(after)).isEqualTo(id(before));
    assertThat(after.getPeerIdentity()).isEqualTo(before.getPeerIdentity());
    assertThat(loopback.sessions()).containsExactly("a");
    assertThat(loopback.server().sweep().join()).as("it knows its credential").isZero();
  }

  @Test
  void resume_keyReplacedMeanwhile_isAFullHandshakeThatFails() throws IOException {
    device.echo("1").join();
    startAnew();
    store.inner.put(credential("a", "a", 2));

    device.resume();
    device.echo("2");

    await().atMost(LONG).until(() -> !loopback.refusals.isEmpty());
    assertThat(loopback.refusals.get(0).reason()).isEqualTo(HandshakeRefusal.Reason.WRONG_KEY);
    assertThat(loopback.sessions()).isEmpty();
  }

  @Test
  void resume_keyReplacedByOneThatDoesNotOpen_isAFullHandshakeThatFails() throws IOException {
    device.echo("1").join();
    startAnew();
    store.inner.put(credential("a", "a", 2));
    store.closedKeys = true;

    device.resume();
    device.echo("2");

    await().atMost(LONG).until(() -> !loopback.refusals.isEmpty());
    assertThat(loopback.sessions()).isEmpty();
  }

  @Test
  void resume_sessionThatDoesNotSayItsCredential_isAFullHandshake() throws IOException {
    EndpointContext before = device.echo("1").join().server();
    sessions.written.replaceAll((id, bytes) -> withoutCheckValue(bytes));
    startAnew();

    device.resume();
    EndpointContext after = device.echo("2").join().server();

    assertThat(id(after)).isNotEqualTo(id(before));
  }

  private static byte[] withoutCheckValue(byte[] session) {
    String text = new String(session, StandardCharsets.ISO_8859_1);
    assertThat(text).contains("creds-");
    return text.replace("creds-", "other-").getBytes(StandardCharsets.ISO_8859_1);
  }
}
