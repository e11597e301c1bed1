// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreListener;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.scandium.DTLSConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions follow the state of the store, whatever their server has heard of it. */
class SessionSweepTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SilentStore store = new SilentStore();
  private Loopback loopback;
  private Loopback.Device good;
  private Loopback.Device bad;

  @BeforeEach
  void connect() {
    store.inner.put(credential("good", "good", 1));
    store.inner.put(credential("bad", "bad", 2));
    loopback = new Loopback(store);
    good = loopback.new Device(impatientDevice(credential("good", "good", 1)));
    bad = loopback.new Device(impatientDevice(credential("bad", "bad", 2)));
    good.echo("1").join();
    bad.echo("1").join();
    sweep(); // behind the sweep of the start, which must not end what another is to end
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  private int sweep() {
    return loopback.server().sweep().join();
  }

  @Test
  void sweep_nothingRetired_endsNothing() {
    assertThat(sweep()).isZero();
    assertThat(loopback.sessions()).containsExactlyInAnyOrder("good", "bad");
  }

  @Test
  void sweep_removedUnheard_endsItsSession() {
    store.inner.remove("bad");

    assertThat(sweep()).isOne();
    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void sweep_keyReplacedUnheard_endsTheSessionOfTheOldKeyAlone() {
    store.inner.put(credential("bad", "bad", 3));

    assertThat(sweep()).isOne();
    loopback.echoOf(impatientDevice(credential("bad", "bad", 3)));
    assertThat(sweep()).as("the new key's session is good").isZero();
    assertThat(loopback.sessions()).containsExactlyInAnyOrder("good", "bad");
  }

  @Test
  void sweep_keysThatDoNotOpen_endsNothing() {
    store.closedKeys = true;

    assertThat(sweep()).isZero();
    assertThat(loopback.sessions()).hasSize(2);
  }

  @Test
  void sweep_storeFails_endsNothingAndSaysSo() {
    store.inner.remove("bad");
    store.failing = true;

    assertThat(loopback.server().sweep()).failsWithin(LONG);

    assertThat(loopback.sessions()).hasSize(2);
    store.failing = false;
    assertThat(sweep()).isOne();
  }

  @Test
  void sweep_oneKeyDamaged_passesOverItsSessionAndEndsOthers() {
    store.inner.remove("bad");
    store.failures.put(
        PskIdentity.of("good"),
        new CredentialStoreException(CredentialStoreException.Reason.CORRUPT, "damaged"));

    assertThat(sweep()).isOne();
    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void sweep_storeFailsForOneSession_passesOverItAndEndsOthers() {
    store.inner.remove("bad");
    store.failures.put(PskIdentity.of("good"), new IllegalStateException("of a test"));

    assertThat(sweep()).isOne();
    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void changesMissed_removedUnheard_endsItsSession() {
    store.inner.remove("bad");

    store.listeners.forEach(CredentialStoreListener::changesMissed);

    await().atMost(LONG).until(() -> !loopback.sessions().contains("bad"));
    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void restart_removedWhileStopped_endsItsSession() throws IOException {
    loopback.restart(() -> store.inner.remove("bad"));

    await().atMost(LONG).until(() -> !loopback.sessions().contains("bad"));
    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void load_savedSessions_goOn() throws IOException {
    Loopback.Echo before = good.echo("2").join();

    loopback.startAnew(loopback.stopAndSave());

    Loopback.Echo after = good.echo("3").join();
    assertThat(after.device().get(DtlsEndpointContext.KEY_HANDSHAKE_TIMESTAMP))
        .as("no handshake, as the device sees it")
        .isEqualTo(before.device().get(DtlsEndpointContext.KEY_HANDSHAKE_TIMESTAMP));
    assertThat(after.server().getPeerIdentity()).isEqualTo(before.server().getPeerIdentity());
    assertThat(sweep()).isZero();
  }

  @Test
  void load_removedWhileDown_isNotThere() throws IOException {
    byte[] saved = loopback.stopAndSave();
    store.inner.remove("bad");

    loopback.startAnew(saved);

    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void load_keyReplacedWhileDown_isNotThere() throws IOException {
    byte[] saved = loopback.stopAndSave();
    store.inner.put(credential("bad", "bad", 3));

    loopback.startAnew(saved);

    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void load_storeFails_keepsSessionsUntilItCanBeAsked() throws IOException {
    byte[] saved = loopback.stopAndSave();
    store.inner.put(credential("bad", "bad", 3));
    store.failing = true;

    loopback.startAnew(saved);

    // Behind the sweep of the start, as above.
    assertThat(loopback.server().sweep()).failsWithin(LONG);
    assertThat(loopback.sessions()).hasSize(2);
    store.failing = false;
    assertThat(sweep()).isOne();
    assertThat(loopback.sessions()).containsExactly("good");
  }

  @Test
  void load_savedByAnotherConnector_takesNoSessionThatDoesNotKnowItsCredential()
      throws IOException {
    byte[] saved = loopback.stopAndSave();
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    DTLSConnector plain =
        new DTLSConnector(LwM2mDtls.server(anywhere, new ScandiumPskStore(store)).build());
    loopback.startAnew(saved); // that it is fit to be loaded
    assertThat(loopback.sessions()).hasSize(2);
    ByteArrayOutputStream byPlain = new ByteArrayOutputStream();
    assertThat(plain.load(new ByteArrayInputStream(withoutCheckValues(saved)), 0)).isEqualTo(2);
    plain.save(byPlain, 3600);
    plain.destroy();
    loopback.stopAndSave();

    loopback.startAnew(byPlain.toByteArray());

    assertThat(loopback.sessions()).isEmpty();
  }

  /** As if another connector had saved them, with virtual hosts as long as what is taken out. */
  private static byte[] withoutCheckValues(byte[] saved) {
    byte[] other = saved.clone();
    byte[] mark = "creds-".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i + mark.length < other.length; i++) {
      if (Arrays.equals(other, i, i + mark.length, mark, 0, mark.length)) {
        other[i] = 'x';
      }
    }
    return other;
  }

  @Test
  void save_failing_leavesSessionsAsTheyWere() throws IOException {
    loopback.server().stop();
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };

    assertThatThrownBy(() -> loopback.server().save(full, 3600)).isInstanceOf(IOException.class);
    loopback.server().start();

    assertThat(loopback.sessions()).containsExactlyInAnyOrder("good", "bad");
    assertThat(sweep()).isZero();
  }
}
