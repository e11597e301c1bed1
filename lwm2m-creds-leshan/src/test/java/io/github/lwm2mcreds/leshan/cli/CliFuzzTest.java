// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.Hostile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Options and files of commands that may be anything. */
@Timeout(Hostile.SECONDS)
class CliFuzzTest {
  private static final Path FILE = newFile();

  private static Path newFile() {
    try {
      Path file = Files.createTempFile("cli", ".txt"); // of mode 0600
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Streams streams(byte[] in) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    return new Streams(new ByteArrayInputStream(in), nowhere, nowhere);
  }

  static Stream<byte[]> stores() {
    return Stream.of(
            "sqlite:a b/fleet.db",
            "postgresql://me@[::1]:5432,db2/fleet?sslmode=require&a=b",
            "postgres://127.0.0.1:1,localhost/\u202e\n",
            "postgresql://u:p@h/d?password=x")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("stores")
  @FuzzTest
  void store_anyAddress_isTakenOrRefused(byte[] text) throws Exception {
    Optional<StoreAddress> address =
        Hostile.decode(
            text.length,
            () -> StoreAddress.parse(new String(text, UTF_8), "hunter2"),
            CommandException.class);
    if (address.isPresent()) {
      Hostile.requireHarmless(address.get().toString());
      assertThat(address.get().toString()).doesNotContain("hunter2");
      assertThat(address.get().file().isPresent())
          .isNotEqualTo(address.get().jdbcUrl().isPresent());
    }
  }

  static Stream<byte[]> lists() {
    return Stream.of("\ufeff/dev/null\r\n\n./x\u001b".getBytes(UTF_8));
  }

  @MethodSource("lists")
  @FuzzTest
  void list_anyBytes_isReadOrRefused(byte[] list) throws Exception {
    Hostile.decode(list.length, () -> FileList.read("-", streams(list)), CommandException.class);
  }

  static Stream<byte[]> configurations() {
    return Stream.of(
        "store=sqlite:a\nserve.host = 0.0.0.0\n\\u0073ize:1\\\n 2\n! c\n# d".getBytes(UTF_8),
        "key=1\nheader=a:@b".getBytes(UTF_8));
  }

  @MethodSource("configurations")
  @FuzzTest
  void configuration_anyBytes_isReadOrRefused(byte[] content) throws Exception {
    Files.write(FILE, content);
    Hostile.decode(content.length, () -> ConfigFile.read(FILE), CommandException.class);
  }

  static Stream<byte[]> checkpoints() {
    return Stream.of(
        ("{\"number\":1,\"hash\":\"" + "0f".repeat(32) + "\",\"time\":\"2026-11-22T00:00:00Z\"}\n")
            .getBytes(UTF_8));
  }

  @MethodSource("checkpoints")
  @FuzzTest
  void checkpoint_anyBytes_isReadOrRefused(byte[] content) throws Exception {
    Files.write(FILE, content);
    Hostile.decode(content.length, () -> CheckpointFile.read(FILE), CommandException.class);
  }

  static Stream<byte[]> endpointLists() {
    return Stream.of("endpoint,pskIdentity\na,b\nc,d\n".getBytes(UTF_8));
  }

  @MethodSource("endpointLists")
  @FuzzTest
  void endpoints_anyBytes_areReadOrRefused(byte[] content) throws Exception {
    Files.write(FILE, content);
    Hostile.decode(content.length, () -> EndpointList.read(FILE), CommandException.class);
  }

  static Stream<byte[]> firstLines() {
    return Stream.of("id=:0x00".getBytes(UTF_8), new byte[] {(byte) 0xac, (byte) 0xed, 0, 5});
  }

  @MethodSource("firstLines")
  @FuzzTest
  void kind_anyBytes_isFoundOrAskedFor(byte[] content) throws Exception {
    Files.write(FILE, content);
    Hostile.decode(content.length, () -> SourceKind.of(FILE), CommandException.class);
  }

  static Stream<byte[]> keyFiles() {
    return Stream.of(
        "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n".getBytes(UTF_8),
        "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n".getBytes(UTF_8),
        new byte[] {0x30, 3, 2, 1, 3});
  }

  @MethodSource("keyFiles")
  @FuzzTest
  void keyFile_anyBytes_isReadOrRefused(byte[] content) throws Exception {
    Files.write(FILE, content);
    Hostile.decode(content.length, () -> ManifestKeyFile.certificate(FILE), CommandException.class);
    Hostile.decode(
        content.length,
        () -> ManifestKeyFile.read("--sign-with", FILE, null, null, streams(new byte[0])),
        CommandException.class);
  }

  static Stream<byte[]> words() {
    return Stream.of("7d".getBytes(UTF_8), "/a/**/{b,[c-d]?}*".getBytes(UTF_8));
  }

  @MethodSource("words")
  @FuzzTest
  void option_anyWord_isTakenOrRefused(byte[] bytes) throws Exception {
    String word = new String(bytes, UTF_8);
    Hostile.decode(bytes.length, () -> TimeSpan.parse("--deadline", word), CommandException.class);
    Hostile.decode(bytes.length, () -> FilePattern.of(word), CommandException.class);
    Hostile.decode(
        bytes.length, () -> SecretInput.word("-", streams(bytes)), CommandException.class);
    Hostile.decode(
        bytes.length,
        () -> SecretInput.passphrase("--p", "-", false, streams(bytes)),
        CommandException.class);
  }
}
