// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.KeyStore;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeyStoreWrapperTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final byte[] STORE_KEY = TestKeys.bytes(0x5a);

  private KeyStore keyStore;

  @BeforeEach
  void makeKeyStore() throws Exception {
    KeyStore made = KeyStore.getInstance("PKCS12");
    made.load(null, null);
    KeyStore.ProtectionParameter protection = new KeyStore.PasswordProtection(PASSWORD);
    made.setEntry("aes", new KeyStore.SecretKeyEntry(TestKeys.aes(1)), protection);
    made.setEntry("aes2", new KeyStore.SecretKeyEntry(TestKeys.aes(2)), protection);
    made.setEntry(
        "mac",
        new KeyStore.SecretKeyEntry(new SecretKeySpec(new byte[32], "HmacSHA256")),
        protection);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    made.store(file, PASSWORD);
    keyStore = KeyStore.getInstance("PKCS12");
    keyStore.load(new ByteArrayInputStream(file.toByteArray()), PASSWORD);
  }

  @Test
  void keyStore_aesKeyOfAPkcs12File_wrapsAndUnwraps() {
    KeyWrapper wrapper = KeyWrappers.keyStore(keyStore, "aes", PASSWORD);
    byte[] wrapped = wrapper.wrap(STORE_KEY);

    assertThat(wrapper.unwrap(wrapped)).isEqualTo(STORE_KEY);
    assertThat(new SecretKeyWrapper(TestKeys.aes(1), "").unwrap(wrapped)).isEqualTo(STORE_KEY);
    assertThat(wrapper).hasToString("the key 'aes' of the PKCS12 key store");
  }

  @Test
  void unwrap_anotherKeyOfTheStore_isOneClearError() {
    byte[] wrapped = KeyWrappers.keyStore(keyStore, "aes", PASSWORD).wrap(STORE_KEY);
    KeyWrapper other = KeyWrappers.keyStore(keyStore, "aes2", PASSWORD);

    assertWrongKey(() -> other.unwrap(wrapped), "the key 'aes2' of the PKCS12 key store is not");
  }

  @Test
  void keyStore_noSuchAesKeyOrWrongPassword_saysSo() throws Exception {
    assertWrongKey(() -> KeyWrappers.keyStore(keyStore, "none", PASSWORD), "is not there");
    assertWrongKey(() -> KeyWrappers.keyStore(keyStore, "mac", PASSWORD), "is not an AES key");
    assertWrongKey(
        () -> KeyWrappers.keyStore(keyStore, "aes", "wrong".toCharArray()), "is the password");
    KeyStore notLoaded = KeyStore.getInstance("PKCS12");
    assertWrongKey(() -> KeyWrappers.keyStore(notLoaded, "aes", PASSWORD), "cannot be read");
  }

  @Test
  void wrap_keyThatIsNoAesKey_saysThatItCannotBeUsed() {
    KeyWrapper odd = new SecretKeyWrapper(new SecretKeySpec(new byte[5], "AES"), "the odd key");

    assertWrongKey(() -> odd.wrap(STORE_KEY), "the odd key cannot be used with AES/GCM/NoPadding");
  }

  private static void assertWrongKey(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY))
        .hasMessageContaining(message);
  }
}
