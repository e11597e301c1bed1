// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** What was sealed opens, and what is not exactly that does not. */
class KeySealerPropertyTest {
  private final KeySealer sealer = new KeySealer();

  KeySealerPropertyTest() {
    for (int id : new int[] {0, 1, -1}) {
      sealer.addKey(id, TestKeys.bytes(id));
    }
  }

  @Property
  void open_sealed_returnsTheKey(
      @ForAll @IntRange(min = -1, max = 1) int keyId,
      @ForAll @StringLength(max = 63) String endpoint,
      @ForAll @Size(min = 1, max = 128) byte[] identity,
      @ForAll @Size(min = 1, max = 64) byte[] key) {
    sealer.activate(keyId);
    PskIdentity pskIdentity = PskIdentity.ofBytes(identity);
    PreSharedKey psk = PreSharedKey.copyOf(key);
    byte[] sealed = sealer.seal(endpoint, pskIdentity, psk);

    assertThat(sealed).hasSize(key.length + KeySealer.OVERHEAD);
    assertThat(KeySealer.keyId(sealed)).isEqualTo(keyId);
    assertThat(open(endpoint, pskIdentity, sealed)).isEqualTo(psk);
  }

  @Property(tries = 100)
  void open_anySingleBitFlipped_fails(
      @ForAll @AlphaChars @StringLength(min = 1, max = 16) String endpoint,
      @ForAll @Size(min = 1, max = 16) byte[] identity,
      @ForAll @Size(min = 1, max = 64) byte[] key) {
    sealer.activate(0);
    PreSharedKey psk = PreSharedKey.copyOf(key);
    byte[] name = endpoint.getBytes(ISO_8859_1);
    byte[] sealed = sealer.seal(endpoint, PskIdentity.ofBytes(identity), psk);
    for (byte[] part : new byte[][] {name, identity, sealed}) {
      for (int bit = 0; bit < part.length * Byte.SIZE; bit++) {
        part[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        assertThatThrownBy(
                () -> open(new String(name, ISO_8859_1), PskIdentity.ofBytes(identity), sealed))
            .isInstanceOfSatisfying(
                CredentialStoreException.class,
                e -> assertThat(e.reason()).isIn(Reason.CORRUPT, Reason.WRONG_KEY));
        part[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      }
    }
    assertThat(open(endpoint, PskIdentity.ofBytes(identity), sealed)).isEqualTo(psk);
  }

  @Property
  void open_anyBytes_failsWithAReason(@ForAll @Size(max = 100) byte[] sealed) {
    assertThatThrownBy(() -> open("e", PskIdentity.of("i"), sealed))
        .isInstanceOf(CredentialStoreException.class);
  }

  private PreSharedKey open(String endpoint, PskIdentity pskIdentity, byte[] sealed) {
    return sealer.open(new SealedCredential(endpoint, pskIdentity, Role.CURRENT, sealed));
  }
}
