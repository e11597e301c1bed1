package io.github.lwm2mcreds.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What was sealed opens, and what is not exactly that does not. */
class KeySealerPropertyTest {
  private final KeySealer sealer = new KeySealer();

  KeySealerPropertyTest() {
    for (int id : new int[] {0, 1, -1}) {
      sealer.addKey(id, TestKeys.bytes(id));
    }
  }

  @Property
  void open_sealed_givesTheKey(
      @ForAll @IntRange(min = -1, max = 1) int keyId,
      @ForAll @Size(max = 252) byte[] endpoint,
      @ForAll @Size(max = 128) byte[] identity,
      @ForAll @Size(min = 1, max = 64) byte[] key) {
    sealer.activate(keyId);
    byte[] sealed = sealer.seal(endpoint, identity, key);

    assertThat(sealed).hasSize(key.length + KeySealer.OVERHEAD);
    assertThat(KeySealer.keyId(sealed)).isEqualTo(keyId);
    assertThat(sealer.open(endpoint, identity, sealed)).isEqualTo(key);
  }

  @Property(tries = 100)
  void open_anySingleBitFlipped_fails(
      @ForAll @Size(min = 1, max = 16) byte[] endpoint,
      @ForAll @Size(min = 1, max = 16) byte[] identity,
      @ForAll @Size(min = 1, max = 64) byte[] key) {
    sealer.activate(0);
    byte[] sealed = sealer.seal(endpoint, identity, key);
    for (byte[] part : new byte[][] {endpoint, identity, sealed}) {
      for (int bit = 0; bit < part.length * Byte.SIZE; bit++) {
        part[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
        assertThatThrownBy(() -> sealer.open(endpoint, identity, sealed))
            .isInstanceOfSatisfying(
                CredentialStoreException.class,
                e -> assertThat(e.reason()).isIn(Reason.CORRUPT, Reason.WRONG_KEY));
        part[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      }
    }
    assertThat(sealer.open(endpoint, identity, sealed)).isEqualTo(key);
  }

  @Property
  void open_anyBytes_failsWithAReason(@ForAll @Size(max = 100) byte[] sealed) {
    assertThatThrownBy(() -> sealer.open(new byte[] {'e'}, new byte[] {'i'}, sealed))
        .isInstanceOf(CredentialStoreException.class);
  }
}
