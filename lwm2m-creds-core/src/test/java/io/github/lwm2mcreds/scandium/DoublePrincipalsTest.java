// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static io.github.lwm2mcreds.scandium.Loopback.impatientDevice;
import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.californium.scandium.config.DtlsConfig;
import org.eclipse.californium.scandium.dtls.Connection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers where Scandium removes stale connections of a principal that has a newer one. */
class DoublePrincipalsTest {
  private final SilentStore store = new SilentStore();
  private Loopback loopback;

  @BeforeEach
  void connect() {
    store.inner.put(credential("a", "a", 1));
    loopback =
        new Loopback(
            store, config -> config.set(DtlsConfig.DTLS_REMOVE_STALE_DOUBLE_PRINCIPALS, true));
    loopback.echoOf(impatientDevice(credential("a", "a", 1)));
  }

  @AfterEach
  void stop() {
    loopback.close();
  }

  private long doubles() {
    long count = 0;
    for (Connection connection : loopback.server().connections()) {
      count += connection.isDouble() ? 1 : 0;
    }
    return count;
  }

  @Test
  void newSession_ofAnotherKey_leavesTheOldKeysSessionToBeEnded() {
    store.inner.put(credential("a", "a", 2));
    loopback.echoOf(impatientDevice(credential("a", "a", 2)));

    assertThat(doubles()).isOne();
    assertThat(loopback.server().sweep().join()).isOne();
    assertThat(doubles()).isZero();
    assertThat(loopback.sessions()).containsExactly("a");
  }

  @Test
  void newSession_ofTheSameKey_makesTheOlderADouble() {
    loopback.echoOf(impatientDevice(credential("a", "a", 1)));

    assertThat(doubles()).isOne();
    assertThat(loopback.server().sweep().join()).isZero();
    assertThat(loopback.sessions()).hasSize(2);
  }
}
