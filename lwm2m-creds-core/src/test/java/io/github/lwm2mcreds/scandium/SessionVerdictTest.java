// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static io.github.lwm2mcreds.scandium.Loopback.credential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionVerdictTest {
  private final SilentStore store = new SilentStore();

  @BeforeEach
  void fill() {
    store.inner.put(credential("a", "a", 1));
  }

  private SessionVerdict verdict() {
    return SessionVerdict.of(Sessions.peer(credential("a", "a", 1)), store);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 129})
  void of_identityThatNoStoreHas_isRetired(int length) {
    PreSharedKeyIdentity peer = new PreSharedKeyIdentity("l".repeat(length));

    assertThat(SessionVerdict.of(peer, store)).isEqualTo(SessionVerdict.RETIRED);
  }

  @Test
  void of_identityWithASurrogateThatIsNoByte_isRetired() {
    PreSharedKeyIdentity peer = new PreSharedKeyIdentity(String.valueOf('\ud800'));

    assertThat(SessionVerdict.of(peer, store)).isEqualTo(SessionVerdict.RETIRED);
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {"CORRUPT", "WRONG_KEY"})
  void of_keyThatDoesNotOpen_isUnknown(Reason reason) {
    store.failures.put(PskIdentity.of("a"), new CredentialStoreException(reason, "of a test"));

    assertThat(verdict()).isEqualTo(SessionVerdict.UNKNOWN);
  }

  @Test
  void of_storeThatFails_throws() {
    store.failing = true;

    assertThatThrownBy(this::verdict).isInstanceOf(CredentialStoreException.class);
  }
}
