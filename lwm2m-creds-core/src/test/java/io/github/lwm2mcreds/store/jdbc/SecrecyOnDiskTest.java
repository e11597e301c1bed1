// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.TestCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** No key is in any file that a store, SQLite or a backup writes, in any usual form. */
class SecrecyOnDiskTest {
  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private final List<byte[]> keys = new ArrayList<>();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  @Test
  void files_wholeLifeOfAStore_holdNoKey() throws IOException {
    try (JdbcCredentialStore store = stores.describe(file).create()) {
      useAll(store);
      assertNothingReadable(4); // database, log, index, key file
      SqliteStores.sql(file, "VACUUM INTO '" + stores.newFile() + "'");
      SqliteStores.sql(file, "backup to " + stores.newFile());
      assertNothingReadable(6);
      store.reseal(done -> {});
      useAll(store);
      assertNothingReadable(6);
    }
    assertNothingReadable(4);
  }

  private void useAll(JdbcCredentialStore store) {
    List<DeviceCredential> many = new ArrayList<>();
    for (int length = 16; length <= PreSharedKey.MAX_LENGTH; length++) {
      many.add(credential("device-" + length, "device-" + length, length));
    }
    store.putAll(many);
    store.put(credential("device-16", "other", 20));
    store.rotate(
        credential("device-17", "next-" + keys.size(), 33), Instant.parse("2999-01-01T00:00:00Z"));
    store.remove("device-18");
    store.revoke("device-19", "lost");
    store.reinstate(credential("device-19", "device-19", 40));
  }

  private DeviceCredential credential(String endpoint, String identity, int length) {
    byte[] key = TestCredentials.keyBytes(length, 0x0123456789abcdefL + keys.size(), length);
    keys.add(key);
    return DeviceCredential.of(endpoint, PskIdentity.of(identity), PreSharedKey.copyOf(key));
  }

  private void assertNothingReadable(int files) throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(stores.folder())) {
      all = walk.filter(Files::isRegularFile).toList();
    }
    assertThat(all).hasSize(files);
    for (Path each : all) {
      String content = new String(Files.readAllBytes(each), ISO_8859_1);
      for (byte[] key : keys) {
        assertThat(forms(key).filter(content::contains)).as("%s", each).isEmpty();
      }
    }
  }

  /** A key's first 12 bytes are enough to look for. */
  private static Stream<String> forms(byte[] key) {
    byte[] start = Arrays.copyOf(key, 12);
    String hex = HexFormat.of().formatHex(start);
    String base64 = Base64.getEncoder().encodeToString(start);
    return Stream.of(
        new String(start, ISO_8859_1),
        hex,
        hex.toUpperCase(Locale.ROOT),
        HexFormat.ofDelimiter(" ").formatHex(start),
        HexFormat.ofDelimiter(":").formatHex(start),
        base64,
        Base64.getUrlEncoder().encodeToString(start));
  }
}
