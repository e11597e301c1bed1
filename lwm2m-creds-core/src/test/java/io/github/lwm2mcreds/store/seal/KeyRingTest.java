// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.TestCredentials;
import io.github.lwm2mcreds.store.seal.KeyRing.NewKey;
import io.github.lwm2mcreds.store.seal.KeyRing.WrappedKeys;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KeyRingTest {
  private static final PskIdentity IDENTITY = PskIdentity.of("id");
  private static final KeyWrapper OLD = TestKeys.wrapper(1);
  private static final KeyWrapper NEXT = TestKeys.wrapper(2);

  private final PreSharedKey psk = TestCredentials.key(5);

  /** A key management that does not answer. */
  private static final KeyWrapper DOWN =
      new KeyWrapper() {
        @Override
        public byte[] wrap(byte[] key) {
          throw new CredentialStoreException(Reason.UNAVAILABLE, "the KMS does not answer");
        }

        @Override
        public byte[] unwrap(byte[] wrapped) {
          return wrap(wrapped);
        }
      };

  private static KeyRing ring(KeyWrapper wrapper) {
    return new KeyRing(wrapper, "the store");
  }

  /** Sealing keys 7, 8 and so on, each wrapped by a wrapper of its own; the last is active. */
  private static WrappedKeys keys(KeyWrapper... wrappers) {
    Map<Integer, byte[]> wrapped = new HashMap<>();
    for (int i = 0; i < wrappers.length; i++) {
      wrapped.put(7 + i, wrappers[i].wrap(TestKeys.bytes(7 + i)));
    }
    return new WrappedKeys(6 + wrappers.length, wrapped);
  }

  private static KeyRing read(KeyWrapper wrapper, WrappedKeys keys) {
    KeyRing ring = ring(wrapper);
    ring.read(keys);
    return ring;
  }

  private SealedCredential seal(KeyRing ring) {
    return credential("deadbeef", ring.seal("deadbeef", IDENTITY, psk));
  }

  private static SealedCredential credential(String endpoint, byte[] sealed) {
    return new SealedCredential(endpoint, IDENTITY, Role.CURRENT, sealed);
  }

  @Test
  void newKey_any_isPositiveWrappedAndNotInTheRingYet() {
    for (int i = 0; i < 64; i++) {
      assertThat(ring(OLD).newKey().id()).isNotNegative();
    }
    KeyRing ring = ring(OLD);
    NewKey first = ring.newKey();
    NewKey second = ring.newKey();

    assertThat(first.id()).isNotEqualTo(second.id());
    assertThat(OLD.unwrap(first.wrapped())).hasSize(32).isNotEqualTo(OLD.unwrap(second.wrapped()));
    assertThat(ring.sealsWith(first.id())).isFalse();
    ring.read(new WrappedKeys(first.id(), Map.of(first.id(), first.wrapped())));
    assertThat(ring.sealsWith(first.id())).isTrue();
    assertThat(ring.open(seal(ring))).isEqualTo(psk);
  }

  @Test
  void read_oneKey_sealsWithItAndOpensInAnotherRing() {
    WrappedKeys keys = keys(OLD);
    KeyRing ring = read(OLD, keys);
    SealedCredential sealed = seal(ring);

    assertThat(ring.sealsWith(7)).isTrue();
    assertThat(ring.sealsWith(8)).isFalse();
    ring.requireAll();
    assertThat(sealed.sealed()).hasSizeLessThanOrEqualTo(KeyRing.MAX_SEALED_LENGTH);
    assertThat(KeyRing.isSealedBy(sealed, 7)).isTrue();
    assertThat(read(OLD, keys).open(sealed)).isEqualTo(psk);
  }

  @Test
  void read_laterWithAnotherKey_sealsWithItAndStillOpensTheFirst() {
    KeyRing ring = read(OLD, keys(OLD));
    SealedCredential first = seal(ring);

    ring.read(keys(OLD, OLD));

    assertThat(ring.sealsWith(8)).isTrue();
    assertThat(ring.sealsWith(7)).isFalse();
    assertThat(KeyRing.isSealedBy(seal(ring), 8)).isTrue();
    assertThat(ring.open(first)).isEqualTo(psk);
  }

  @Test
  void read_keyItHasAlready_isNotUnwrappedAgain() {
    KeyRing ring = read(OLD, keys(OLD));

    ring.read(new WrappedKeys(7, Map.of(7, new byte[0])));

    ring.requireAll();
    assertThat(ring.sealsWith(7)).isTrue();
  }

  @Test
  void read_activeKeyMissing_isCorrupt() {
    WrappedKeys keys = new WrappedKeys(9, keys(OLD).wrapped());

    assertReason(Reason.CORRUPT, () -> ring(OLD).read(keys), "the store has lost its sealing key");
  }

  @Test
  void read_noneOpens_failsAsTheWrapperDid() {
    assertReason(Reason.WRONG_KEY, () -> ring(NEXT).read(keys(OLD)), "key 2");
    assertReason(Reason.WRONG_KEY, () -> ring(NEXT).read(keys(OLD, OLD)), "key 2");
    assertReason(Reason.UNAVAILABLE, () -> ring(DOWN).read(keys(OLD)), "the KMS does not answer");
  }

  @Test
  void read_activeKeyOpensAndAnotherDoesNot_sealsUntilAllAreRequired() {
    WrappedKeys both = keys(OLD, NEXT);
    SealedCredential first = seal(read(OLD, keys(OLD)));

    KeyRing ring = read(NEXT, both);

    assertThat(ring.sealsWith(8)).isTrue();
    assertThat(ring.open(seal(ring))).isEqualTo(psk);
    assertReason(Reason.WRONG_KEY, () -> ring.open(first), "sealing key 7 is not in the ring");
    assertThatThrownBy(ring::requireAll)
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY))
        .hasMessageContaining("give both: key 2 is not the wrapping key")
        .hasCauseInstanceOf(CredentialStoreException.class);
    ring.read(new WrappedKeys(8, Map.of(8, both.wrapped().get(8))));
    ring.requireAll();
  }

  @Test
  void read_activeKeyDoesNotOpen_opensWithTheOthersAndSealsNothing() {
    SealedCredential first = seal(read(OLD, keys(OLD)));

    KeyRing ring = read(OLD, keys(OLD, NEXT));

    assertThat(ring.open(first)).isEqualTo(psk);
    assertThat(ring.sealsWith(8)).isFalse();
    assertThat(ring.sealsWith(7)).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> seal(ring));
    assertReason(Reason.WRONG_KEY, ring::requireAll, "give both");
  }

  @Test
  void tryOpen_damagedOrWithoutItsKey_isEmpty() {
    KeyRing ring = read(OLD, keys(OLD));
    SealedCredential sealed = seal(ring);
    SealedCredential moved = credential("other", sealed.sealed());
    SealedCredential later = seal(read(OLD, keys(OLD, OLD)));

    assertThat(ring.tryOpen(sealed)).contains(psk);
    assertThat(ring.checkValue(sealed)).contains(psk.checkValue());
    for (SealedCredential bad : new SealedCredential[] {moved, later}) {
      assertThat(ring.tryOpen(bad)).isEmpty();
      assertThat(ring.checkValue(bad)).isEmpty();
    }
    assertReason(Reason.CORRUPT, () -> ring.open(moved), "'other' does not open");
    assertReason(Reason.WRONG_KEY, () -> ring.open(later), "sealing key 8");
  }

  @Test
  void lacksKeyOf_credential_isWhetherReadingMayHelp() {
    KeyRing ring = read(OLD, keys(OLD));
    SealedCredential later = seal(read(OLD, keys(OLD, OLD)));
    SealedCredential damaged = credential("deadbeef", new byte[3]);

    assertThat(ring.lacksKeyOf(seal(ring))).isFalse();
    assertThat(ring.lacksKeyOf(later)).isTrue();
    assertThat(ring.lacksKeyOf(damaged)).isFalse();
    assertThat(KeyRing.isSealedBy(later, 8)).isTrue();
    assertThat(KeyRing.isSealedBy(later, 7)).isFalse();
    assertThat(KeyRing.isSealedBy(damaged, 0)).isFalse();
  }

  @Test
  void destroy_afterwards_theStoreIsClosed() {
    WrappedKeys keys = keys(OLD);
    KeyRing ring = read(OLD, keys);
    SealedCredential sealed = seal(ring);

    ring.destroy();

    assertReason(Reason.CLOSED, () -> ring.open(sealed), "the store was closed");
    assertReason(Reason.CLOSED, () -> ring.tryOpen(sealed), "the store was closed");
    assertReason(Reason.CLOSED, () -> ring.read(keys), "the store was closed");
    assertThatIllegalStateException().isThrownBy(() -> seal(ring));
    assertThat(ring).hasToString("KeyRing[the store, KeySealer[destroyed]]");
  }

  @Test
  void toString_keys_showsTheirIdsAlone() {
    assertThat(read(OLD, keys(OLD)))
        .hasToString("KeyRing[the store, KeySealer[keys=[7], active=7]]");
  }

  private static void assertReason(Reason reason, ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}
