// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnyOfWrapperTest {
  private static final byte[] STORE_KEY = TestKeys.bytes(0x5a);

  private final KeyWrapper old = new SecretKeyWrapper(TestKeys.aes(1), "the old key");
  private final KeyWrapper next = new SecretKeyWrapper(TestKeys.aes(2), "the next key");

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

  @TempDir private Path folder;

  @Test
  void wrap_several_usesTheFirst() {
    byte[] wrapped = KeyWrappers.anyOf(next, old).wrap(STORE_KEY);

    assertThat(next.unwrap(wrapped)).isEqualTo(STORE_KEY);
  }

  @Test
  void unwrap_wrappedByAnyOfThem_givesTheKey() {
    for (KeyWrapper each : new KeyWrapper[] {old, next}) {
      byte[] wrapped = each.wrap(STORE_KEY);
      assertThat(KeyWrappers.anyOf(next, old).unwrap(wrapped)).isEqualTo(STORE_KEY);
      assertThat(KeyWrappers.anyOf(DOWN, old, next).unwrap(wrapped)).isEqualTo(STORE_KEY);
    }
  }

  @Test
  void unwrap_nextKeyFileNotMadeYet_givesTheKeyOfTheOld() {
    Path file = folder.resolve("next");
    KeyWrapper both = KeyWrappers.anyOf(KeyWrappers.keyFile(file), old);

    assertThat(both.unwrap(old.wrap(STORE_KEY))).isEqualTo(STORE_KEY);
    assertThat(file).doesNotExist();
    assertThat(both.unwrap(both.wrap(STORE_KEY))).isEqualTo(STORE_KEY);
    assertThat(file).exists();
  }

  @Test
  void unwrap_noneCan_saysWhatWasTried() {
    byte[] wrapped = new SecretKeyWrapper(TestKeys.aes(3), "another").wrap(STORE_KEY);

    assertThatThrownBy(() -> KeyWrappers.anyOf(next, old).unwrap(wrapped))
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY))
        .hasMessageContaining("the next key is not")
        .hasMessageContaining("the old key is not")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
  }

  @Test
  void unwrap_theRightOneMayNotAnswer_saysThatRather() {
    byte[] wrapped = new SecretKeyWrapper(TestKeys.aes(3), "another").wrap(STORE_KEY);

    assertThatThrownBy(() -> KeyWrappers.anyOf(old, DOWN).unwrap(wrapped))
        .isInstanceOfSatisfying(
            CredentialStoreException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE))
        .hasMessageContaining("the KMS does not answer");
  }

  @Test
  void toString_several_namesThemAll() {
    assertThat(KeyWrappers.anyOf(next, old)).hasToString("the next key, or else the old key");
  }
}
