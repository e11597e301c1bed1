// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.partition.CredentialPartition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  private static final String HEX = "3f9a1c77e05b42d8a6c4119e8d02b75f";
  private static final PreSharedKey KEY =
      PreSharedKey.ofHex(HEX.getBytes(StandardCharsets.US_ASCII));
  private static final byte[] GOOD =
      CredentialPartition.encode(DeviceCredential.of("sensor-1", KEY));

  @TempDir Path folder;

  @Test
  void goodPartition_hasNoFindings_andShowsNoKey() throws Exception {
    Cli run = Cli.run("inspect", file("good.bin", GOOD));

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("sensor-1", KEY.checkValue().toString(), "findings     none")
        .doesNotContain(HEX);
  }

  @Test
  void json_hasExactlyTheDocumentedFields() throws Exception {
    String file = file("good.bin", GOOD);
    Cli run = Cli.run("inspect", "--json", file);

    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(run.out());
    assertThat(json.toString())
        .isEqualTo(
            "{\"file\":\""
                + file
                + "\",\"endpoint\":\"sensor-1\",\"checkValue\":\""
                + KEY.checkValue()
                + "\",\"firmware\":{\"endpointName\":\"sensor-1\",\"endpointSource\":\"partition\","
                + "\"keySource\":\"partition\",\"starts\":true},\"findings\":[]}");
  }

  @Test
  void reveal_showsTheKey() throws Exception {
    String file = file("good.bin", GOOD);

    assertThat(json(Cli.run("inspect", "--json", "--reveal", file)).at("/firmware/psk").asText())
        .isEqualTo(HEX);
    assertThat(Cli.run("inspect", "--reveal", file).out()).contains(HEX);
  }

  @Test
  void erasedPage_isSerialNameAndBuiltInKey_withFindings() throws Exception {
    byte[] page = new byte[0x1000];
    Arrays.fill(page, (byte) 0xff);

    Cli run = Cli.run("inspect", "--json", file("erased.bin", page));

    assertThat(run.code()).isEqualTo(3);
    JsonNode json = json(run);
    assertThat(json.at("/endpoint").isNull()).isTrue();
    assertThat(json.at("/firmware/endpointSource").asText()).isEqualTo("serial");
    assertThat(json.at("/firmware/keySource").asText()).isEqualTo("built-in");
    assertThat(json.at("/firmware/starts").asBoolean()).isTrue();
    assertThat(json.at("/findings").findValuesAsText("code"))
        .containsExactly("endpoint-erased", "token-erased");
  }

  @Test
  void emptyToken_doesNotStart() throws Exception {
    byte[] partition = GOOD.clone();
    Arrays.fill(partition, 33, 66, (byte) 0);

    JsonNode json = json(Cli.run("inspect", "--json", file("empty.bin", partition)));

    assertThat(json.at("/checkValue").isNull()).isTrue();
    assertThat(json.at("/firmware/keySource").asText()).isEqualTo("none");
    assertThat(json.at("/firmware/starts").asBoolean()).isFalse();
    assertThat(json.at("/firmware/psk").isMissingNode()).isTrue();
  }

  @Test
  void hostileEndpoint_cannotSteerTheTerminalOrForgeALine() throws Exception {
    byte[] partition = GOOD.clone();
    System.arraycopy(new byte[] {0x1b, '[', '2', 'J', '\n', (byte) 0xff, 0, 0}, 0, partition, 0, 8);

    Cli run = Cli.run("inspect", file("hostile.bin", partition));

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).doesNotContain("\u001b").contains("\\u001b[2J\\u000a\\xff");
    assertThat(
            json(Cli.run("inspect", "--json", file("hostile.bin", partition)))
                .at("/endpoint")
                .asText())
        .isEqualTo("\u001b[2J\n\udcff");
  }

  @Test
  void offset_inAFileOfOnePage_isKept() throws Exception {
    byte[] page = new byte[0x1000];
    System.arraycopy(GOOD, 0, page, 0x200, GOOD.length);
    String file = file("page.bin", page);

    assertThat(Cli.run("inspect", "--at", "0x200", file).out()).contains("sensor-1");
    assertThat(Cli.run("inspect", "--at", "0200", file).code()).isEqualTo(2);
    assertThat(Cli.run("inspect", "--at", "#200", file).code()).isEqualTo(2);
  }

  @Test
  void folderOrEndlessFile_isRefused() throws Exception {
    assertThat(Cli.run("inspect", folder.toString()).code()).isEqualTo(2);
    assumeTrue(Files.exists(Path.of("/dev/zero")), "this system has no /dev/zero");
    assertThat(Cli.run("inspect", "/dev/zero").err()).contains("64 MiB");
  }

  @Test
  void fileName_cannotSteerTheTerminal() throws Exception {
    Cli run = Cli.run("inspect", folder.resolve("a\u001b[2J\nb").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).doesNotContain("\u001b");
  }

  @Test
  void dump_isReadAtTheBoardsAddressOrAnOffset() throws Exception {
    byte[] dump = new byte[0x80000];
    Arrays.fill(dump, (byte) 0xff);
    System.arraycopy(GOOD, 0, dump, 0x7f000, GOOD.length);
    String file = file("dump.bin", dump);

    assertThat(Cli.run("inspect", "--board", "nrf52_pca10040", file).code()).isZero();
    assertThat(Cli.run("inspect", "--at", "0x7f000", file).code()).isZero();
    assertThat(Cli.run("inspect", "--board", "frdm_k64f", file).code()).isEqualTo(3);
    assertThat(Cli.run("inspect", "--board", "reel_board", file).code()).isEqualTo(2);
    Cli noLocation = Cli.run("inspect", file);
    assertThat(noLocation.code()).isEqualTo(2);
    assertThat(noLocation.err()).contains("--board");
  }

  @Test
  void manyFiles_areAllReported_andTheWorstDecidesTheExitCode() throws Exception {
    String good = file("good.bin", GOOD);
    String cut = file("cut.bin", Arrays.copyOf(GOOD, 65));
    String weak =
        file(
            "weak.bin",
            Cli.run("gen-cred-partition", "-did", "w", "-dtok", "11".repeat(16)).rawOut());

    Cli run = Cli.run("inspect", "--json", cut, weak, good);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out().lines()).hasSize(2);
    assertThat(run.err()).contains("cut.bin").contains("65");
    assertThat(Cli.run("inspect", weak, good).code()).isEqualTo(3);
    assertThat(List.of(run.out().split("\n")).get(0)).contains("key-all-bytes-equal");
  }

  private static byte[] dump(int... addresses) {
    byte[] dump = new byte[0x100000];
    Arrays.fill(dump, (byte) 0xff);
    for (int address : addresses) {
      System.arraycopy(GOOD, 0, dump, address, GOOD.length);
    }
    return dump;
  }

  @Test
  void dumpOfABoardThatMoved_isSearchedAtEveryAddress() throws Exception {
    String file = file("old.bin", dump(0xff000));
    Cli run = Cli.run("inspect", "--board", "reel_board", file);

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .contains("0xfb000, for firmware since 2019-03-21", "0xff000, for firmware until 2019")
        .contains("'sensor-1' is at 0xff000", "[partition-elsewhere]");
    assertThat(run.err()).contains("note: reel_board: 0xfb000", "0xf4000", "--firmware-date");

    Cli old = Cli.run("inspect", "--board", "reel_board", "--firmware-date", "2019-01-01", file);
    assertThat(old.code()).isZero();
    assertThat(old.out()).contains("sensor-1").doesNotContain("0xfb000");
    Cli both = Cli.run("inspect", "--board", "reel_board", file("b.bin", dump(0xff000, 0xfb000)));
    assertThat(both.code()).isZero();
    assertThat(both.out().lines().filter(line -> line.contains("registers as 'sensor-1'")))
        .hasSize(2);
  }

  @Test
  void dumpOfABoardThatMoved_hasAnObjectForEachAddress() throws Exception {
    String file = file("old.bin", dump(0xf4000));
    Cli run = Cli.run("inspect", "--json", "--board", "reel_board", file);

    assertThat(run.out().lines()).hasSize(3);
    assertThat(json(run).at("/address").asText()).isEqualTo("0xfb000");
    assertThat(json(run).at("/firmwareSince").asText()).isEqualTo("2019-03-21");
    assertThat(json(run).at("/findings").findValuesAsText("code")).contains("partition-elsewhere");
  }

  @Test
  void partitionAlone_ofABoardThatMoved_isShownOnce() throws Exception {
    Cli run = Cli.run("inspect", "--json", "--board", "reel_board", file("good.bin", GOOD));

    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    assertThat(json(run).has("address")).isFalse();
  }

  @Test
  void dumpOfAFlashFrom0x8000000_isReadAtTheOffset() throws Exception {
    byte[] dump = Arrays.copyOf(dump(0x10000), 0x80000);
    Cli run = Cli.run("inspect", "--board", "96b_carbon", file("carbon.bin", dump));

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("sensor-1", "0x8010000");
  }

  @Test
  void devicesThatShareAKey_areFound() throws Exception {
    String good = file("good.bin", GOOD);
    String other =
        file("other.bin", CredentialPartition.encode(DeviceCredential.of("sensor-2", KEY)));

    Cli run = Cli.run("inspect", good, good, other);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .containsOnlyOnce("[key-shared]")
        .contains("that of 'sensor-1' in " + good);
    assertThat(Cli.run("inspect", good, good).code()).isZero();
  }

  @Test
  void endpointWithTwoKeys_isFound() throws Exception {
    PreSharedKey key =
        PreSharedKey.ofHex(HEX.replace('3', '4').getBytes(StandardCharsets.US_ASCII));
    String good = file("good.bin", GOOD);
    String other =
        file("other.bin", CredentialPartition.encode(DeviceCredential.of("sensor-1", key)));

    Cli run = Cli.run("inspect", good, other);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).contains("[endpoint-other-key]", KEY.checkValue() + ", in " + good);
  }

  private String file(String name, byte[] content) throws Exception {
    return Files.write(folder.resolve(name), content).toString();
  }

  private static JsonNode json(Cli run) throws Exception {
    return new ObjectMapper().readTree(run.out());
  }
}
