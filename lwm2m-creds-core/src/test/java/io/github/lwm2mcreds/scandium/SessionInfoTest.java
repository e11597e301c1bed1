// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.eclipse.californium.elements.auth.AdditionalInfo;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions of a server that adds information of its own to principals. */
class SessionInfoTest {
  private final SilentStore store = new SilentStore();
  private Loopback loopback;
  private Loopback.Device device;

  @BeforeEach
  void connect() {
    store.inner.put(credential("a", "a", 1));
    loopback =
        new Loopback(
            store,
            config ->
                config.setApplicationLevelInfoSupplier(
                    (peer, argument) -> AdditionalInfo.from(Map.of("tenant", "t1"))));
    device = loopback.new Device(impatientDevice(credential("a", "a", 1)));
    device.echo("1").join();
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  private String tenant() {
    PreSharedKeyIdentity peer =
        (PreSharedKeyIdentity) device.lastEcho().join().server().getPeerIdentity();
    return peer.getExtendedInfo().get("tenant", String.class);
  }

  @Test
  void resume_thenKeyReplaced_isEndedBySweep() {
    device.resume();
    device.echo("2").join();
    assertThat(loopback.server().sweep().join()).isZero();

    store.inner.put(credential("a", "a", 2));

    assertThat(loopback.server().sweep().join()).isOne();
    assertThat(tenant()).isEqualTo("t1");
  }

  @Test
  void load_thenKeyReplaced_isEndedBySweep() throws IOException {
    loopback.startAnew(loopback.stopAndSave());
    device.echo("2").join();
    assertThat(loopback.server().sweep().join()).isZero();

    store.inner.put(credential("a", "a", 2));

    assertThat(loopback.server().sweep().join()).isOne();
    assertThat(tenant()).isEqualTo("t1");
  }

  @Test
  void load_twice_goesOn() throws IOException {
    loopback.startAnew(loopback.stopAndSave());
    loopback.startAnew(loopback.stopAndSave());

    assertThat(loopback.sessions()).containsExactly("a");
  }
}
