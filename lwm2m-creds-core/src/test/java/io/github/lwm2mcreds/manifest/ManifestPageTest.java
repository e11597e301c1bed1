// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The worked example in MANIFEST.md, whose digests were computed with Python's hashlib. */
class ManifestPageTest {
  private static final String NUMBER = "2026-48/7";
  private static final String DIGEST =
      "46fc75970a348308b5b4131f954875c3f63fd2f83556df66616fc5c66198c72d";

  private static String page() throws Exception {
    return Files.readString(Path.of("MANIFEST.md"));
  }

  private static String block(String language) throws Exception {
    Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(page());
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  @Test
  void csv_ofThePage_isReadAndWritten() throws Exception {
    TestManifests.Found found = TestManifests.read(block("csv"));

    assertThat(found.entries()).isEqualTo(TestManifests.example());
    assertThat(found.summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
    assertThat(found.summary().stated()).contains(new Lot(NUMBER, 3, DIGEST));
    byte[] written =
        TestManifests.write(
            ManifestWriter.builder(ManifestFormat.CSV).columns("board", "site").lot(NUMBER),
            TestManifests.example());
    assertThat(new String(written, UTF_8)).isEqualTo(block("csv").replace("\n", "\r\n"));
  }

  @Test
  void ndjson_ofThePage_isReadAndWritten() throws Exception {
    TestManifests.Found found = TestManifests.read(block("json"));

    assertThat(found.entries()).isEqualTo(TestManifests.example());
    assertThat(found.summary().lotCheck()).isEqualTo(LotCheck.MATCHES);
    byte[] written =
        TestManifests.write(
            ManifestWriter.builder(ManifestFormat.NDJSON).lot(NUMBER), TestManifests.example());
    assertThat(new String(written, UTF_8)).isEqualTo(block("json"));
  }

  @Test
  void links_ofThePage_makeTheDigest() throws Exception {
    String page = page();
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] link = sha256.digest("lwm2m-creds manifest 1".getBytes(UTF_8));
    assertThat(page).contains("| 0 | `" + HexFormat.of().formatHex(link));
    // Row 3 has two fields: its endpoint and its key.
    Matcher second = Pattern.compile("\\| 2 \\| `([0-9a-f]{64})").matcher(page);
    assertThat(second.find()).isTrue();
    sha256.update(HexFormat.of().parseHex(second.group(1)));
    sha256.update(
        HexFormat.of()
            .parseHex(
                "00000008656e64706f696e74"
                    + "0000000873656e736f722d33"
                    + "0000000370736b"
                    + "00000010"
                    + TestManifests.KEY_3));
    link = sha256.digest();
    assertThat(page).contains("| 3 | `" + HexFormat.of().formatHex(link));
    sha256.update(link);
    sha256.update(
        HexFormat.of().parseHex("0000000b6d616e69666573744c6f74" + "00000009323032362d34382f37"));
    assertThat(HexFormat.of().formatHex(sha256.digest())).isEqualTo(DIGEST);
  }
}
