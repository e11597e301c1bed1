// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import javax.security.auth.Destroyable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PassphraseWrapperTest {
  private static final Argon2id CHEAP = new Argon2id(1, 64, 2);
  private static final byte[] STORE_KEY = TestKeys.bytes(0x5a);
  private static final String PASSPHRASE = "correct horse é";

  /** Wrapped with Python's cryptography package. */
  private static final byte[] GOLDEN =
      HexFormat.of()
          .parseHex(
              "02" // kind
                  + "000000010000004000000002" // passes, KiB, lanes
                  + "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf" // salt
                  + "a0a1a2a3a4a5a6a7a8a9aaab" // nonce
                  + "993174540b4936358894de5b1131efbeabdaaa5f4923f815d8993cb83db0c01e"
                  + "61eb206cb04cff2bc52268922bda0eac"); // tag

  private static PassphraseWrapper cheap(String passphrase) {
    return new PassphraseWrapper(passphrase.toCharArray(), CHEAP);
  }

  /** RFC 9106 §5.3. */
  @Test
  void argon2id_vectorOfTheRfc_matches() {
    byte[] tag =
        Argon2id.generate(
            new Argon2id(3, 32, 4)
                .parameters()
                .withSalt(repeat(2, 16))
                .withSecret(repeat(3, 8))
                .withAdditional(repeat(4, 12)),
            repeat(1, 32),
            32);

    assertThat(tag)
        .asHexString()
        .isEqualToIgnoringCase("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
  }

  private static byte[] repeat(int value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void unwrap_wrappedByAnotherImplementation_givesTheKey() {
    assertThat(cheap(PASSPHRASE).unwrap(GOLDEN)).isEqualTo(STORE_KEY);
  }

  @Test
  void passphrase_wrapAndUnwrap_useTheRecommendedParametersAndANewSalt() {
    KeyWrapper wrapper = KeyWrappers.passphrase(PASSPHRASE.toCharArray());
    byte[] wrapped = wrapper.wrap(STORE_KEY);

    assertThat(Arrays.copyOf(wrapped, 13))
        .isEqualTo(ByteBuffer.allocate(13).put((byte) 2).putInt(3).putInt(65536).putInt(4).array());
    assertThat(cheap(PASSPHRASE).unwrap(wrapped)).isEqualTo(STORE_KEY);
    assertThat(Arrays.copyOfRange(cheap(PASSPHRASE).wrap(STORE_KEY), 13, 29))
        .isNotEqualTo(Arrays.copyOfRange(cheap(PASSPHRASE).wrap(STORE_KEY), 13, 29));
  }

  @Test
  void unwrap_anotherPassphrase_isOneClearError() {
    for (String other : new String[] {"correct horse e", "correct horse e\u0301", "x"}) {
      assertWrongKey(() -> cheap(other).unwrap(GOLDEN), "the passphrase is not the wrapping key");
    }
  }

  @Test
  @Timeout(60)
  void unwrap_anyBitAltered_isRefusedWithoutUndueCost() {
    PassphraseWrapper wrapper = cheap(PASSPHRASE);
    for (int bit = 0; bit < GOLDEN.length * Byte.SIZE; bit++) {
      byte[] altered = GOLDEN.clone();
      altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertWrongKey(() -> wrapper.unwrap(altered), "altered");
    }
    for (int length = 0; length < GOLDEN.length; length++) {
      byte[] cut = Arrays.copyOf(GOLDEN, length);
      assertWrongKey(() -> wrapper.unwrap(cut), "altered");
    }
  }

  @Test
  void unwrap_parametersOutOfBounds_isRefusedAtOnce() {
    int[][] hostile = {
      {0, 64, 2},
      {11, 64, 2},
      {-1, 64, 2},
      {1, 15, 2},
      {1, (1 << 18) + 1, 2},
      {1, Integer.MAX_VALUE, 2},
      {1, -64, 2},
      {1, 64, 0},
      {1, 1 << 10, 17},
      {1, 0, Integer.MIN_VALUE},
      {Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE}
    };
    for (int[] cost : hostile) {
      byte[] altered = GOLDEN.clone();
      ByteBuffer.wrap(altered, 1, 12).putInt(cost[0]).putInt(cost[1]).putInt(cost[2]);
      assertWrongKey(() -> cheap(PASSPHRASE).unwrap(altered), "it asks for Argon2id[passes=");
    }
    assertThat(new Argon2id(10, 1 << 18, 16).isBearable()).isTrue();
    assertThat(new Argon2id(1, 8, 1).isBearable()).isTrue();
    assertThat(Argon2id.RECOMMENDED.isBearable()).isTrue();
  }

  @Test
  void passphrase_emptyOrNoText_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyWrappers.passphrase(new char[0]))
        .withMessageContaining("empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyWrappers.passphrase("secret\ud800".toCharArray()))
        .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("secret"));
  }

  @Test
  void passphrase_callersArrayWiped_staysUsable() {
    char[] passphrase = PASSPHRASE.toCharArray();
    PassphraseWrapper wrapper = new PassphraseWrapper(passphrase, CHEAP);
    Arrays.fill(passphrase, '\0');

    assertThat(wrapper.unwrap(GOLDEN)).isEqualTo(STORE_KEY);
  }

  @Test
  void destroy_afterwards_refusesToWork() throws Exception {
    KeyWrapper wrapper = KeyWrappers.passphrase(PASSPHRASE.toCharArray());
    assertThat(wrapper).hasToString("the passphrase");
    assertThat(wrapper).isInstanceOf(Destroyable.class);
    assertThat(((Destroyable) wrapper).isDestroyed()).isFalse();
    ((Destroyable) wrapper).destroy();

    assertThat(((Destroyable) wrapper).isDestroyed()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> wrapper.unwrap(GOLDEN));
    assertThatIllegalStateException().isThrownBy(() -> wrapper.wrap(STORE_KEY));
  }

  @Test
  void destroy_passphrase_overwritesIt() throws Exception {
    PassphraseWrapper wrapper = cheap(PASSPHRASE);
    Field field = PassphraseWrapper.class.getDeclaredField("passphrase");
    field.setAccessible(true);
    byte[] passphrase = (byte[]) field.get(wrapper);
    assertThat(passphrase).isEqualTo(PASSPHRASE.getBytes(UTF_8));

    wrapper.destroy();

    assertThat(passphrase).containsOnly(0);
  }

  @Test
  void wrap_withoutBouncyCastle_namesTheArtifactToAdd() throws Exception {
    URL classes = KeyWrappers.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader alone =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
      Object wrapper =
          alone
              .loadClass(KeyWrappers.class.getName())
              .getMethod("passphrase", char[].class)
              .invoke(null, (Object) PASSPHRASE.toCharArray());
      Method wrap = alone.loadClass(KeyWrapper.class.getName()).getMethod("wrap", byte[].class);

      assertThatThrownBy(() -> wrap.invoke(wrapper, (Object) STORE_KEY))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .hasMessageContaining("org.bouncycastle:bcprov-jdk18on")
          .extracting("reason")
          .hasToString("LIBRARY_MISSING");
    }
  }

  private static void assertWrongKey(ThrowingCallable call, String message) {
    long start = System.nanoTime();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY))
        .hasMessageContaining(message);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }
}
