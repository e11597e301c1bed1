// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.Hostile;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.SealedCredential;
import io.github.lwm2mcreds.store.SealedCredential.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Sealed and wrapped keys that may be anything: only what was sealed here opens. */
@Timeout(Hostile.SECONDS)
class SealedKeyFuzzTest {
  private static final PskIdentity IDENTITY = PskIdentity.of("sensor-1");
  private static final KeySealer SEALER = sealer();
  private static final byte[] KEY = TestKeys.bytes(7);
  private static final byte[] CONTEXT = {1, 2, 3};
  private static final byte[] SEALED = SEALER.seal("sensor-1", IDENTITY, PreSharedKey.copyOf(KEY));
  private static final byte[] SECRET = SEALER.sealSecret(CONTEXT, KEY);
  private static final byte[] WRAPPED = TestKeys.wrapper(3).wrap(KEY);

  private static KeySealer sealer() {
    KeySealer sealer = new KeySealer();
    sealer.addKey(1, TestKeys.bytes(1));
    sealer.activate(1);
    return sealer;
  }

  static Stream<byte[]> sealedKeys() {
    return Stream.of(SEALED, SECRET);
  }

  @MethodSource("sealedKeys")
  @FuzzTest
  void sealedKey_anyBytes_opensOnlyAsItWasSealed(byte[] sealed) throws Exception {
    Optional<PreSharedKey> opened =
        Hostile.decode(
            sealed.length,
            () -> SEALER.open(new SealedCredential("sensor-1", IDENTITY, Role.CURRENT, sealed)),
            CredentialStoreException.class);
    assertThat(opened.isPresent()).isEqualTo(Arrays.equals(sealed, SEALED));
  }

  @MethodSource("sealedKeys")
  @FuzzTest
  void secret_anyBytes_opensOnlyAsItWasSealed(byte[] sealed) throws Exception {
    Optional<byte[]> opened =
        Hostile.decode(
            sealed.length,
            () -> SEALER.openSecret(CONTEXT, sealed),
            CredentialStoreException.class);
    assertThat(opened.isPresent()).isEqualTo(Arrays.equals(sealed, SECRET));
  }

  static Stream<byte[]> wrappedKeys() {
    return Stream.of(WRAPPED, TestKeys.wrapper(4).wrap(KEY));
  }

  @MethodSource("wrappedKeys")
  @FuzzTest
  void wrappedKey_anyBytes_opensOnlyAsItWasWrapped(byte[] wrapped) throws Exception {
    Optional<byte[]> unwrapped =
        Hostile.decode(
            wrapped.length,
            () -> TestKeys.wrapper(3).unwrap(wrapped),
            CredentialStoreException.class);
    assertThat(unwrapped.isPresent()).isEqualTo(Arrays.equals(wrapped, WRAPPED));
  }

  static Stream<byte[]> keyFiles() {
    return Stream.of((HexFormat.of().formatHex(KEY) + "\n").getBytes(US_ASCII));
  }

  private static final Path FILE = newFile();

  private static Path newFile() {
    try {
      Path file = Files.createTempFile("store", ".key"); // of mode 0600
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @MethodSource("keyFiles")
  @FuzzTest
  void keyFile_anyBytes_isReadOrRefused(byte[] content) throws Exception {
    Files.write(FILE, content);
    Hostile.decode(content.length, () -> new KeyFile(FILE).read(), CredentialStoreException.class)
        .ifPresent(key -> assertThat(key).hasSize(32));
  }
}
