// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.Hostile;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.manifest.ManifestException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** Files and answers of others' systems that may be anything. */
@Timeout(Hostile.SECONDS)
class MigrationFuzzTest {
  private static final Path FILE = newFile();
  private static final char[] PASSWORD = {'p', 'w'};

  private static Path newFile() {
    try {
      Path file = Files.createTempFile("migration", ".data");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<SourceEntry> all(CredentialSource source) throws IOException {
    List<SourceEntry> entries = Entries.all(source);
    for (SourceEntry entry : entries) {
      if (entry instanceof NotTaken other) {
        Hostile.requireHarmless(other.message());
      } else if (entry instanceof FoundCredential found) {
        DeviceCredential.requireEndpoint(found.credential().endpoint());
      }
    }
    return entries;
  }

  static Stream<byte[]> leshanFiles() throws Exception {
    FileSecurityStore store = new FileSecurityStore(FILE.toString());
    store.add(SecurityInfo.newPreSharedKeyInfo("dev-1", "id-1", Entries.key(1)));
    store.add(SecurityInfo.newX509CertInfo("cert"));
    byte[] file = Files.readAllBytes(FILE);
    Files.delete(FILE);
    return Stream.of(file);
  }

  @MethodSource("leshanFiles")
  @FuzzTest
  void leshanFile_anyBytes_isReadOrRefused(byte[] file) throws Exception {
    Hostile.decode(
        file.length,
        () -> all(LeshanStoreFile.of(new ByteArrayInputStream(file), KeyPolicy.allowingAnyKey())),
        SourceException.class);
  }

  static Stream<byte[]> pskFiles() {
    String key = Base64.getEncoder().encodeToString(Entries.key(1));
    String hex = HexFormat.of().formatHex(Entries.key(2));
    return Stream.of(("# c\r\ndev-1=" + key + "\n\nid 2=:0x" + hex + "\r=a\nb").getBytes(UTF_8));
  }

  @MethodSource("pskFiles")
  @FuzzTest
  void pskFile_anyBytes_isReadOrRefused(byte[] file) throws Exception {
    Files.write(FILE, file);
    Hostile.decode(
        file.length,
        () -> all(ScandiumPskFile.builder().keyPolicy(KeyPolicy.strict()).open(FILE)),
        SourceException.class);
  }

  static Stream<byte[]> encryptedPskFiles() throws IOException {
    ByteArrayOutputStream encrypted = new ByteArrayOutputStream();
    try (OutputStream out = PskFileCipher.encrypting(encrypted, PASSWORD)) {
      out.write(pskFiles().findFirst().orElseThrow());
    }
    return Stream.of(encrypted.toByteArray());
  }

  @MethodSource("encryptedPskFiles")
  @FuzzTest
  void encryptedPskFile_anyBytes_isReadOrRefused(byte[] file) throws Exception {
    Files.write(FILE, file);
    Hostile.decode(
        file.length,
        () -> all(ScandiumPskFile.builder().password(PASSWORD).open(FILE)),
        SourceException.class);
  }

  static Stream<byte[]> thingsBoardFiles() {
    return Stream.of(
        ("name,LWM2M_CLIENT_ENDPOINT,LWM2M_CLIENT_SECURITY_CONFIG_MODE,LWM2M_CLIENT_IDENTITY,"
                + "LWM2M_CLIENT_KEY\na,dev-1,PSK,id-1,"
                + HexFormat.of().formatHex(Entries.key(1))
                + "\n\"b\"\"\",dev-2,NO_SEC,,\n")
            .getBytes(UTF_8));
  }

  @MethodSource("thingsBoardFiles")
  @FuzzTest
  void thingsBoardFile_anyBytes_isReadOrRefused(byte[] file) throws Exception {
    Files.write(FILE, file);
    Hostile.decode(
        file.length,
        () -> all(ThingsBoardFile.open(FILE, KeyPolicy.strict(), Map.of())),
        SourceException.class,
        ManifestException.class);
  }

  static Stream<byte[]> redisInfos() {
    return Stream.of(
        ("{\"ep\":\"dev-1\",\"id\":\"id\",\"psk\":\""
                + HexFormat.of().formatHex(Entries.key(1))
                + "\",\"x509\":false,\"rpk\":{},\"oscore\":[]}")
            .getBytes(UTF_8));
  }

  @MethodSource("redisInfos")
  @FuzzTest
  void redisInfo_anyBytes_isReadOrNotTaken(byte[] json) throws Exception {
    Hostile.decode(json.length, () -> new RedisInfo(KeyPolicy.strict()).read(1, "dev-1", json));
  }

  static Stream<byte[]> redisAnswers() {
    return Stream.of(
        "*3\r\n$3\r\nabc\r\n:12\r\n*1\r\n+OK\r\n".getBytes(UTF_8),
        "-ERR a\r\n".getBytes(UTF_8),
        "$-1\r\n".getBytes(UTF_8));
  }

  @MethodSource("redisAnswers")
  @FuzzTest
  void redis_anyAnswer_isReadOrRefused(byte[] answer) throws Exception {
    Hostile.decode(
        answer.length,
        () -> {
          try (RedisConnection redis = new RedisConnection(new Answering(answer))) {
            return String.valueOf(redis.send(RedisConnection.ascii("PING")));
          }
        },
        SourceException.class,
        EOFException.class,
        RedisConnection.RefusedException.class);
  }

  /** A server that answers anything with the same. */
  private static final class Answering extends Socket {
    private final byte[] answer;

    Answering(byte[] answer) {
      this.answer = answer;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(answer);
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }
  }

  @MethodSource("pskFiles")
  @FuzzTest
  void pskFile_whatWasRead_isWrittenAndReadBack(byte[] file) throws Exception {
    List<DeviceCredential> found = Entries.credentials(read(file));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (DeviceCredential credential : found) {
      out.writeBytes(credential.pskIdentity().toBytes());
      out.writeBytes("=:0x".getBytes(UTF_8));
      out.writeBytes(HexFormat.of().formatHex(credential.psk().exposeBytes()).getBytes(UTF_8));
      out.write('\n');
    }
    assertThat(Entries.credentials(read(out.toByteArray()))).isEqualTo(found);
  }

  private static List<SourceEntry> read(byte[] file) throws IOException {
    Files.write(FILE, file);
    try {
      return Entries.all(
          ScandiumPskFile.builder().keyPolicy(KeyPolicy.allowingAnyKey()).open(FILE));
    } catch (SourceException e) {
      return List.of();
    }
  }
}
