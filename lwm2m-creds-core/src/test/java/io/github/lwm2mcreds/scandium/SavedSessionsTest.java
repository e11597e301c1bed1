// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PskIdentity;
import java.io.IOException;
import java.io.OutputStream;
import org.eclipse.californium.elements.DtlsEndpointContext;
import org.eclipse.californium.scandium.dtls.pskstore.SinglePskStore;
import org.junit.jupiter.api.Test;

/** What becomes of unusual sessions when they are saved. */
class SavedSessionsTest {
  private final SilentStore store = new SilentStore();

  @Test
  void save_identityThatIsNotUtf8_goesOnWhenLoaded() throws IOException {
    PskIdentity identity = PskIdentity.ofBytes(new byte[] {'x', (byte) 0xff});
    store.inner.put(credential("odd", identity, 1));
    try (Loopback loopback = new Loopback(store)) {
      Loopback.Device device = loopback.new Device(impatientDevice(credential("odd", identity, 1)));
      Loopback.Echo before = device.echo("1").join();

      loopback.startAnew(loopback.stopAndSave());

      Loopback.Echo after = device.echo("2").join();
      assertThat(after.device().get(DtlsEndpointContext.KEY_HANDSHAKE_TIMESTAMP))
          .isEqualTo(before.device().get(DtlsEndpointContext.KEY_HANDSHAKE_TIMESTAMP));
      assertThat(after.server().getPeerIdentity()).isEqualTo(before.server().getPeerIdentity());
      assertThat(loopback.server().sweep().join()).isZero();
    }
  }

  @Test
  void save_failing_leavesSessionsThatDoNotKnowTheirCredentialAlone() throws IOException {
    store.inner.put(credential("a", "a", 1));
    byte[] key = Loopback.key(1).exposeBytes();
    try (Loopback loopback =
        new Loopback(store, config -> config.setPskStore(new SinglePskStore("a", key)))) {
      loopback.echoOf(impatientDevice(credential("a", "a", 1)));
      assertThat(loopback.server().sweep().join()).isZero();
      loopback.server().stop();

      assertThatThrownBy(() -> loopback.server().save(full(), 3600))
          .isInstanceOf(IOException.class);
      loopback.server().start();

      assertThat(loopback.server().sweep().join()).isZero();
      assertThat(loopback.sessions()).containsExactly("a");
    }
  }

  private static OutputStream full() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("no space left");
      }
    };
  }
}
