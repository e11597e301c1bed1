// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lwm2mcreds.store.CredentialStoreException;
import io.github.lwm2mcreds.store.CredentialStoreException.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFileTest {
  private static final byte[] STORE_KEY = TestKeys.bytes(0x5a);

  /** Wrapped under bytes 00 to 1f with Python's cryptography package. */
  private static final byte[] GOLDEN =
      HexFormat.of()
          .parseHex(
              "01" // kind
                  + "a0a1a2a3a4a5a6a7a8a9aaab" // nonce
                  + "bc4226771f9158e5383fdd895d209a842af6034ac8ed1836c6547cdc25f12f5b"
                  + "14cc14460aa4a180cb6d8a86fd3afa80"); // tag

  private static final String GOLDEN_KEY =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

  @TempDir private Path folder;

  private Path write(String content) throws IOException {
    Path file = folder.resolve("key");
    Files.write(file, content.getBytes(US_ASCII));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @Test
  void wrap_noFileYet_makesOneForItsOwnerOnly() throws IOException {
    Path file = folder.resolve("key");
    KeyWrapper wrapper = KeyWrappers.keyFile(file);
    assertThat(file).doesNotExist();

    byte[] wrapped = wrapper.wrap(STORE_KEY);

    assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder).isDirectoryContaining("glob:**/key");
    assertThat(files()).containsExactly(file);
    assertThat(KeyWrappers.keyFile(file).unwrap(wrapped)).isEqualTo(STORE_KEY);
    String content = Files.readString(file);
    wrapper.wrap(STORE_KEY);
    assertThat(Files.readString(file)).isEqualTo(content);
  }

  @Test
  void unwrap_noFile_saysSoAndMakesNone() throws IOException {
    Path file = folder.resolve("mistyped");

    assertReason(
        Reason.WRONG_KEY, () -> KeyWrappers.keyFile(file).unwrap(GOLDEN), file + "' is missing");

    assertThat(files()).isEmpty();
  }

  @Test
  void unwrap_wrappedByAnotherImplementation_givesTheKey() throws IOException {
    for (String end : List.of("", "\n", "\r\n")) {
      assertThat(KeyWrappers.keyFile(write(GOLDEN_KEY + end)).unwrap(GOLDEN)).isEqualTo(STORE_KEY);
    }
    assertThat(KeyWrappers.keyFile(write(GOLDEN_KEY.toUpperCase())).unwrap(GOLDEN))
        .isEqualTo(STORE_KEY);
  }

  @Test
  void unwrap_anotherKeyOrAlteredBlob_isOneClearError() throws IOException {
    KeyWrapper other = KeyWrappers.keyFile(write("ff" + GOLDEN_KEY.substring(2)));
    assertReason(
        Reason.WRONG_KEY, () -> other.unwrap(GOLDEN), "is not the wrapping key of this store");

    KeyWrapper right = KeyWrappers.keyFile(write(GOLDEN_KEY));
    for (int bit = 0; bit < GOLDEN.length * Byte.SIZE; bit++) {
      byte[] altered = GOLDEN.clone();
      altered[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      assertReason(Reason.WRONG_KEY, () -> right.unwrap(altered), "or the wrapped key was altered");
    }
    assertReason(Reason.WRONG_KEY, () -> right.unwrap(new byte[0]), "altered");
    assertReason(Reason.WRONG_KEY, () -> right.unwrap(new byte[] {1}), "altered");
  }

  @Test
  void unwrap_fileOpenToOthers_isRefused() throws IOException {
    Path file = write(GOLDEN_KEY);
    for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-", "rw------x")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      assertReason(
          Reason.FILE_MODE, () -> KeyWrappers.keyFile(file).unwrap(GOLDEN), "set its mode to 600");
      assertReason(
          Reason.FILE_MODE, () -> KeyWrappers.keyFile(file).wrap(STORE_KEY), file.toString());
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    assertThat(KeyWrappers.keyFile(file).unwrap(GOLDEN)).isEqualTo(STORE_KEY);
  }

  @Test
  void wrap_noKeyFileButSomethingElse_isRefusedWithoutItsContent() throws IOException {
    for (String content :
        List.of(
            "",
            "\n",
            GOLDEN_KEY.substring(1),
            GOLDEN_KEY + "0",
            GOLDEN_KEY + "\n\n\n",
            " " + GOLDEN_KEY,
            GOLDEN_KEY.substring(1) + "g",
            "g" + GOLDEN_KEY.substring(1),
            "x".repeat(100_000))) {
      KeyWrapper wrapper = KeyWrappers.keyFile(write(content));
      assertReason(Reason.WRONG_KEY, () -> wrapper.wrap(STORE_KEY), "64 hex digits");
      assertThatThrownBy(() -> wrapper.unwrap(GOLDEN))
          .satisfies(e -> assertThat(e.toString()).doesNotContain(GOLDEN_KEY.substring(8, 16)));
    }
  }

  @Test
  void wrap_folderOrMissingFolder_saysSo() {
    assertReason(
        Reason.WRONG_KEY, () -> KeyWrappers.keyFile(folder).wrap(STORE_KEY), folder.toString());
    assertReason(
        Reason.WRONG_KEY,
        () -> KeyWrappers.keyFile(folder.resolve("no/key")).wrap(STORE_KEY),
        "its folder does not exist");
  }

  @Test
  void wrap_firstUseFromManyThreads_allAgreeOnOneKey() throws Exception {
    int count = 8;
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      for (int round = 0; round < 20; round++) {
        Path file = folder.resolve("key" + round);
        CyclicBarrier together = new CyclicBarrier(count);
        List<Future<byte[]>> wrapped =
            Stream.generate(
                    () ->
                        threads.submit(
                            () -> {
                              together.await();
                              return KeyWrappers.keyFile(file).wrap(STORE_KEY);
                            }))
                .limit(count)
                .toList();
        for (Future<byte[]> each : wrapped) {
          assertThat(KeyWrappers.keyFile(file).unwrap(each.get())).isEqualTo(STORE_KEY);
        }
      }
      assertThat(files()).hasSize(20);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void toString_keyFile_namesThePathOnOneLine() {
    assertThat(KeyWrappers.keyFile(Path.of("/etc/a\nb")))
        .hasToString("the key file '/etc/a\\u000ab'");
  }

  @Test
  void failures_always_keepTheCause() {
    assertThatThrownBy(() -> KeyWrappers.keyFile(folder.resolve("x")).unwrap(GOLDEN))
        .hasCauseInstanceOf(FileSystemException.class);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static void assertReason(Reason reason, ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CredentialStoreException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}
