// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import io.github.lwm2mcreds.store.TestCredentials;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KeySealerTest {
  private static final PskIdentity IDENTITY = PskIdentity.of("id-");
  private static final PreSharedKey PSK =
      PreSharedKey.ofHex("8f1e6c0ad2b94735a1c85e7f30d69b42".getBytes(US_ASCII));

  private static byte[] sealingKey(int first) {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (first + i);
    }
    return key;
  }

  private static KeySealer sealer(int... keyIds) {
    KeySealer sealer = new KeySealer();
    for (int id : keyIds) {
      sealer.addKey(id, sealingKey(id));
    }
    sealer.activate(keyIds[0]);
    return sealer;
  }

  /** Computed with Python's cryptography package by the format in {@link KeySealer}'s javadoc. */
  @Test
  void open_sealedByAnotherImplementation_givesTheKey() {
    byte[] sealed =
        HexFormat.of()
            .parseHex(
                "01" // format
                    + "01020304" // store key id
                    + "a0a1a2a3a4a5a6a7a8a9aaab" // nonce
                    + "690610279772458ac3add9ac37ac5b9c" // key, encrypted
                    + "21be925b125ae5cfcdfda08222c19e25"); // tag
    KeySealer sealer = new KeySealer();
    sealer.addKey(0x01020304, sealingKey(0));

    assertThat(KeySealer.keyId(sealed)).isEqualTo(0x01020304);
    assertThat(open(sealer, "deadbeef", IDENTITY, sealed)).isEqualTo(PSK);
  }

  @Test
  void seal_sameKeyTwice_givesFormatIdAndAnotherNonce() {
    KeySealer sealer = sealer(7);
    byte[] first = sealer.seal("deadbeef", IDENTITY, PSK);
    byte[] second = sealer.seal("deadbeef", IDENTITY, PSK);

    assertThat(first).hasSize(KeySealer.OVERHEAD + 16).startsWith(1, 0, 0, 0, 7);
    assertThat(Arrays.copyOfRange(first, 5, 17)).isNotEqualTo(Arrays.copyOfRange(second, 5, 17));
    assertThat(open(sealer, "deadbeef", IDENTITY, second)).isEqualTo(PSK);
  }

  @Test
  void open_copiedToAnotherDevice_isCorrupt() {
    KeySealer sealer = sealer(1);
    byte[] sealed = sealer.seal("deadbeef", IDENTITY, PSK);

    assertReason(
        Reason.CORRUPT, () -> open(sealer, "cafe\nbabe", IDENTITY, sealed), "cafe\\u000ababe");
    assertReason(
        Reason.CORRUPT,
        () -> open(sealer, "deadbeef", PskIdentity.of("id"), sealed),
        "'deadbeef' does not open");
  }

  @Test
  void open_charactersMovedBetweenEndpointAndIdentity_isCorrupt() {
    KeySealer sealer = sealer(1);
    byte[] sealed = sealer.seal("ab", PskIdentity.of("c"), PSK);

    assertReason(Reason.CORRUPT, () -> open(sealer, "a", PskIdentity.of("bc"), sealed), "altered");
  }

  @Test
  void open_sealedUnderAnEarlierKey_givesTheKey() {
    KeySealer sealer = sealer(1, 2);
    byte[] sealed = sealer.seal("deadbeef", IDENTITY, PSK);
    sealer.activate(2);

    assertThat(sealer.isActive(2)).isTrue();
    assertThat(sealer.isActive(1)).isFalse();
    assertThat(KeySealer.keyId(sealer.seal("deadbeef", IDENTITY, PSK))).isEqualTo(2);
    assertThat(open(sealer, "deadbeef", IDENTITY, sealed)).isEqualTo(PSK);
  }

  @Test
  void open_storeKeyNotInTheRing_saysWhich() {
    byte[] sealed = sealer(3).seal("deadbeef", IDENTITY, PSK);
    KeySealer other = sealer(4);

    assertThat(other.hasKey(KeySealer.keyId(sealed))).isFalse();
    assertThat(other.hasKey(4)).isTrue();
    assertReason(
        Reason.WRONG_KEY, () -> open(other, "deadbeef", IDENTITY, sealed), "sealing key 3");
  }

  @Test
  void open_anotherSealingKeyWithTheSameId_isCorrupt() {
    byte[] sealed = sealer(3).seal("deadbeef", IDENTITY, PSK);
    KeySealer other = new KeySealer();
    other.addKey(3, sealingKey(99));

    assertReason(Reason.CORRUPT, () -> open(other, "deadbeef", IDENTITY, sealed), "deadbeef");
  }

  @Test
  void keyId_noSealedKey_isCorrupt() {
    for (int length : new int[] {0, 1, 5, KeySealer.OVERHEAD, KeySealer.OVERHEAD + 65, 1 << 20}) {
      assertReason(
          Reason.CORRUPT, () -> KeySealer.keyId(new byte[length]), "has " + length + " bytes");
    }
    byte[] newer = sealer(1).seal("deadbeef", IDENTITY, PSK);
    newer[0] = 2;
    assertReason(Reason.CORRUPT, () -> KeySealer.keyId(newer), "format 2:");
    newer[0] = (byte) 0x82;
    assertReason(Reason.CORRUPT, () -> KeySealer.keyId(newer), "format 130:");
  }

  @Test
  void newKey_wrapped_opensInAnotherProcess() {
    KeyWrapper wrapper = new SecretKeyWrapper(TestKeys.aes(5), "key 5");
    KeyWrapper next = new SecretKeyWrapper(TestKeys.aes(6), "key 6");
    byte[] wrapped = KeySealer.newKey(wrapper);
    KeySealer sealer = new KeySealer();
    sealer.addKey(1, wrapped, wrapper);
    sealer.activate(1);
    byte[] sealed = sealer.seal("deadbeef", IDENTITY, PSK);

    KeySealer other = new KeySealer();
    other.addKey(1, wrapped, wrapper);
    assertThat(open(other, "deadbeef", IDENTITY, sealed)).isEqualTo(PSK);
    assertReason(Reason.WRONG_KEY, () -> new KeySealer().addKey(1, wrapped, next), "key 6");
  }

  @Test
  void newKeyAndAddKey_afterwards_haveWipedTheKeyInClear() {
    List<byte[]> seen = new ArrayList<>();
    KeyWrapper wrapper =
        new KeyWrapper() {
          @Override
          public byte[] wrap(byte[] key) {
            seen.add(key);
            return key.clone();
          }

          @Override
          public byte[] unwrap(byte[] wrapped) {
            seen.add(wrapped.clone());
            return seen.get(seen.size() - 1);
          }
        };
    byte[] wrapped = KeySealer.newKey(wrapper);
    new KeySealer().addKey(1, wrapped, wrapper);
    byte[] tooLong = Arrays.copyOf(sealingKey(1), 33);
    assertReason(
        Reason.WRONG_KEY, () -> new KeySealer().addKey(2, tooLong, wrapper), "has 33 bytes");

    assertThat(wrapped).hasSize(32).isNotEqualTo(new byte[32]);
    assertThat(seen).containsExactly(new byte[32], new byte[32], new byte[33]);
  }

  @Test
  void addKey_wrongLengthOrTaken_isRefused() {
    KeySealer sealer = sealer(1);

    assertReason(Reason.WRONG_KEY, () -> sealer.addKey(2, new byte[16]), "has 16 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sealer.addKey(1, sealingKey(2)))
        .withMessageContaining("sealing key 1");
    assertThat(sealer.hasKey(2)).isFalse();
  }

  @Test
  void seal_noActiveKey_isRefused() {
    KeySealer sealer = new KeySealer();
    sealer.addKey(1, sealingKey(1));

    assertThatIllegalStateException().isThrownBy(() -> sealer.seal("deadbeef", IDENTITY, PSK));
    assertReason(Reason.WRONG_KEY, () -> sealer.activate(2), "sealing key 2");
  }

  @Test
  void destroy_afterwards_nothingWorks() {
    KeySealer sealer = sealer(1);
    byte[] sealed = sealer.seal("deadbeef", IDENTITY, PSK);
    assertThat(sealer.isDestroyed()).isFalse();
    sealer.destroy();

    assertThat(sealer.isDestroyed()).isTrue();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> open(sealer, "deadbeef", IDENTITY, sealed),
            () -> sealer.seal("deadbeef", IDENTITY, PSK),
            () -> sealer.addKey(2, sealingKey(2)),
            () -> sealer.hasKey(1))) {
      assertThatIllegalStateException().isThrownBy(call).withMessageContaining("destroyed");
    }
  }

  @Test
  void toString_always_showsIdsOnly() {
    KeySealer sealer = sealer(1);
    assertThat(sealer).hasToString("KeySealer[keys=[1], active=1]");
    sealer.destroy();
    assertThat(sealer).hasToString("KeySealer[destroyed]");
  }

  @Test
  void sealAndOpen_manyThreadsWhileTheKeyChanges_alwaysGiveTheKey() throws Exception {
    KeySealer sealer = sealer(1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> done =
          Stream.generate(
                  () ->
                      threads.submit(
                          () ->
                              IntStream.range(0, 5_000)
                                  .forEach(
                                      i -> {
                                        PreSharedKey key = TestCredentials.key(i);
                                        byte[] sealed = sealer.seal("deadbeef", IDENTITY, key);
                                        assertThat(open(sealer, "deadbeef", IDENTITY, sealed))
                                            .isEqualTo(key);
                                      })))
              .limit(4)
              .<Future<?>>map(f -> f)
              .toList();
      for (int id = 2; id < 50; id++) {
        sealer.addKey(id, sealingKey(id));
        sealer.activate(id);
      }
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static PreSharedKey open(
      KeySealer sealer, String endpoint, PskIdentity pskIdentity, byte[] sealed) {
    return sealer.open(new SealedCredential(endpoint, pskIdentity, Role.CURRENT, sealed));
  }

  private static void assertReason(Reason reason, ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}
