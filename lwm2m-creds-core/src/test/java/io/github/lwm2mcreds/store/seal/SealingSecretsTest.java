// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.SealedCredential;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No text of sealing and wrapping shows a key, a wrapping key or a passphrase. */
class SealingSecretsTest {
  private static final String PASSPHRASE = "correct horse battery";
  private static final byte[] PSK = HexFormat.of().parseHex("8f1e6c0ad2b94735a1c85e7f30d69b42");
  private static final byte[] SEALING_KEY = TestKeys.bytes(0x5a);
  private static final byte[] WRAPPING_KEY = TestKeys.bytes(0xc3);

  @TempDir private Path folder;

  @Test
  void textAndFailures_ofAllWrappersAndTheSealer_showNoSecret() throws Exception {
    Path file = folder.resolve("key");
    KeyWrapper keyFile = KeyWrappers.keyFile(file);
    keyFile.wrap(SEALING_KEY);
    Files.writeString(file, HexFormat.of().formatHex(WRAPPING_KEY));
    KeyWrapper passphrase = new PassphraseWrapper(PASSPHRASE.toCharArray(), new Argon2id(1, 64, 2));
    KeyWrapper secretKey = new SecretKeyWrapper(TestKeys.aes(0xc3), "the key");
    KeyWrapper any = KeyWrappers.anyOf(passphrase, keyFile, secretKey);
    for (KeyWrapper wrapper : List.of(keyFile, passphrase, secretKey, any)) {
      byte[] wrapped = wrapper.wrap(SEALING_KEY);
      wrapped[wrapped.length - 1] ^= 1;
      assertNoSecret(wrapper, catchThrowable(() -> wrapper.unwrap(wrapped)));
      assertNoSecret(wrapper, catchThrowable(() -> wrapper.unwrap(SEALING_KEY)));
    }
    Files.writeString(file, "x" + HexFormat.of().formatHex(WRAPPING_KEY));
    assertNoSecret(keyFile, catchThrowable(() -> keyFile.wrap(SEALING_KEY)));

    KeySealer sealer = new KeySealer();
    sealer.addKey(1, SEALING_KEY);
    sealer.activate(1);
    PskIdentity identity = PskIdentity.of("deadbeef");
    byte[] sealed = sealer.seal("deadbeef", identity, PreSharedKey.copyOf(PSK));
    assertNoSecret(
        sealer, catchThrowable(() -> sealer.open(credential("other", identity, sealed))));
    assertNoSecret(sealer, catchThrowable(() -> sealer.open(credential("other", identity, PSK))));
    assertNoSecret(sealer, catchThrowable(() -> sealer.addKey(1, SEALING_KEY)));
    assertNoSecret(sealer, catchThrowable(() -> sealer.addKey(2, Arrays.copyOf(SEALING_KEY, 31))));
  }

  private static SealedCredential credential(String endpoint, PskIdentity identity, byte[] sealed) {
    return new SealedCredential(endpoint, identity, SealedCredential.Role.CURRENT, sealed);
  }

  private static void assertNoSecret(Object value, Throwable failure) {
    assertThat(failure).isNotNull();
    StringBuilder all = new StringBuilder().append(value);
    append(all, failure);
    String text = all.toString().toLowerCase(Locale.ROOT);
    for (byte[] secret : List.of(PSK, SEALING_KEY, WRAPPING_KEY)) {
      assertThat(text)
          .doesNotContain(HexFormat.of().formatHex(secret, 0, 3))
          .doesNotContain(Arrays.toString(Arrays.copyOf(secret, 3)).replace("]", ""))
          .doesNotContain(new String(secret, 0, 3, UTF_8));
    }
    assertThat(text).doesNotContain("correct", "horse", "battery");
  }

  private static void append(StringBuilder text, Throwable failure) {
    text.append(failure).append('\n');
    for (Throwable suppressed : failure.getSuppressed()) {
      append(text, suppressed);
    }
    if (failure.getCause() != null) {
      append(text, failure.getCause());
    }
  }
}
