// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.partition.CredentialPartition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GenCredPartitionCommandTest {
  private static final String TOKEN = "3f9a1c77e05b42d8a6c4119e8d02b75f";
  private static final String BUILT_IN = "000102030405060708090a0b0c0d0e0f";

  @TempDir Path folder;

  @Test
  void tutorialsLine_writesTheTutorialsBytes_andWarnsOfTheKey() throws Exception {
    Path file = folder.resolve("cred.bin");

    Cli run =
        Cli.run(
            "gen-cred-partition",
            "--device-id=deadbeef",
            "--device-token=" + BUILT_IN,
            "--output=" + file);

    assertThat(run.code()).isZero();
    assertThat(run.out()).matches("deadbeef {25}[0-9a-f]{8}  written\\R");
    assertThat(run.err()).startsWith("warning: ").contains("built-in key").doesNotContain(BUILT_IN);
    assertThat(Files.readAllBytes(file)).isEqualTo(partition("deadbeef", BUILT_IN));
  }

  @Test
  void endpointThatTheDevicesStackDoesNotTake_isRefused_unlessForced() {
    String[] options = {"-did", "seventeen-letters", "-dtok", TOKEN, "--device-stack", "zephyr"};

    Cli run = gen(options);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.rawOut()).isEmpty();
    assertThat(run.err()).contains("zephyr:16", "at most 16 bytes", "nothing was written");

    String[] forced = Arrays.copyOf(options, options.length + 1);
    forced[options.length] = "--force";
    assertThat(gen(forced).rawOut()).isEqualTo(partition("seventeen-letters", TOKEN));
    assertThat(gen(forced).err()).contains("warning: ", "zephyr:16", "because of --force");
  }

  @Test
  void unknownDeviceStack_isRefused_evenIfForced() {
    Cli run = gen("-did", "ep", "-dtok", TOKEN, "--device-stack", "tls", "--force");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.rawOut()).isEmpty();
    assertThat(run.err()).contains("'tls' is not a device stack");
  }

  static Stream<List<String>> spellings() {
    return Stream.of(
        List.of("-did", "ep", "-dtok", TOKEN),
        List.of("-did=ep", "-dtok=" + TOKEN),
        List.of("--device-id", "ep", "--device-token", TOKEN),
        List.of("--device-id=ep", "--device-token=" + TOKEN));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void everySpelling_writesTheSameToStandardOutput(List<String> options) {
    Cli run = gen(options.toArray(String[]::new));

    assertThat(run.code()).isZero();
    assertThat(run.rawOut()).isEqualTo(partition("ep", TOKEN));
    assertThat(run.err()).matches("ep {31}[0-9a-f]{8}\\R");
  }

  @Test
  void upperCaseToken_isWrittenAsGiven() {
    String token = TOKEN.toUpperCase(java.util.Locale.ROOT);

    assertThat(gen("-did", "ep", "-dtok", token).rawOut()).isEqualTo(partition("ep", token));
  }

  @Test
  void tokenFromFileOrStandardInput_isTheSame() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), TOKEN + "\n");

    assertThat(gen("-did", "ep", "-dtok", "@" + token).rawOut()).isEqualTo(partition("ep", TOKEN));
    assertThat(
            Cli.runWithInput(TOKEN + "\r\n", "gen-cred-partition", "-did", "ep", "-dtok", "-")
                .rawOut())
        .isEqualTo(partition("ep", TOKEN));
  }

  @Test
  void tokenFile_missing_isRefused() {
    Cli run = gen("-did", "ep", "-dtok", "@" + folder.resolve("nowhere"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("no such file");
  }

  @Test
  void generateToken_makesAnotherKeyEachTime() throws Exception {
    byte[] first = gen("-did", "ep", "--generate-token").rawOut();
    byte[] second = gen("-did", "ep", "--generate-token").rawOut();

    assertThat(CredentialPartition.decode(first).endpoint()).isEqualTo("ep");
    assertThat(CredentialPartition.decode(second).psk())
        .isNotEqualTo(CredentialPartition.decode(first).psk());
  }

  @Test
  void output_isReadableByItsOwnerAlone_andNothingElseIsLeft() throws Exception {
    assertThat(gen("-did", "ep", "--generate-token", "-o", file().toString()).code()).isZero();

    assertThat(mode()).isEqualTo("rw-------");
    assertOnlyTheFile();
  }

  @Test
  void checkValue_isTheOneThatInspectShows() {
    Cli run = gen("-did", "ep", "--generate-token", "-o", file().toString());

    String checkValue = run.out().split(" +")[1];
    assertThat(Cli.run("inspect", file().toString()).out()).contains("check value  " + checkValue);
  }

  /** The file may be the only copy of the first key. */
  @Test
  void fileWithAnotherKey_isKept_andTheRefusalNamesIt() throws Exception {
    String checkValue =
        gen("-did", "first", "-dtok", TOKEN, "-o", file().toString()).out().split(" +")[1];

    Cli run = gen("-did", "second", "--generate-token", "-o", file().toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err())
        .contains(file().toString(), "'first'", checkValue, "--replace")
        .doesNotContain(TOKEN);
    assertThat(file()).hasBinaryContent(partition("first", TOKEN));
    assertOnlyTheFile();
  }

  static Stream<byte[]> otherContents() {
    return Stream.of(
        new byte[0],
        "notes".getBytes(US_ASCII),
        partition("ep", ""),
        Arrays.copyOf(partition("ep", TOKEN), 65),
        Arrays.copyOf(partition("ep", TOKEN), 0x1000));
  }

  @ParameterizedTest
  @MethodSource("otherContents")
  void fileWithSomethingElse_isKeptUnlessToBeReplaced(byte[] content) throws Exception {
    Files.write(file(), content);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    String[] options = {"-did", "ep", "-dtok", TOKEN, "-o", file().toString()};

    Cli refused = gen(options);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("already exists", "--replace").doesNotContain(TOKEN);
    assertThat(file()).hasBinaryContent(content);

    assertThat(gen(with(List.of(options), "--force")).code()).as("another decision").isEqualTo(2);
    assertThat(file()).hasBinaryContent(content);

    Cli replaced = gen(with(List.of(options), "--replace"));
    assertThat(replaced.code()).isZero();
    assertThat(replaced.out()).endsWith("  replaced" + System.lineSeparator());
    assertThat(file()).hasBinaryContent(partition("ep", TOKEN));
    assertThat(mode()).isEqualTo("rw-------");
    assertOnlyTheFile();
  }

  @Test
  void replace_doesNotAllowWhatWouldBrickTheDevice() {
    gen("-did", "first", "-dtok", TOKEN, "-o", file().toString());

    Cli run = gen("-did", "first", "--replace", "-o", file().toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("nothing was written");
    assertThat(file()).hasBinaryContent(partition("first", TOKEN));
  }

  @Test
  void replace_saysWhichKeyItReplaced() {
    gen("-did", "first", "-dtok", TOKEN, "-o", file().toString());

    Cli run = gen("-did", "second", "--generate-token", "--replace", "-o", file().toString());

    assertThat(run.code()).isZero();
    assertThat(run.err()).startsWith("warning: ").contains("'first'").doesNotContain(TOKEN);
  }

  @Test
  void theSameAgain_isNoError_andMakesTheFilePrivate() throws Exception {
    String[] options = {"-did", "ep", "-dtok", TOKEN, "-o", file().toString()};
    assertThat(gen(options).code()).isZero();
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));

    Cli run = gen(options);

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).endsWith("  unchanged" + System.lineSeparator());
    assertThat(mode()).isEqualTo("rw-------");
  }

  @Test
  void fileInAnotherForm_isKept_andItsCredentialNamed() {
    String[] options = {"-did", "ep", "-dtok", TOKEN, "--board", "frdm_k64f", "-o", "" + file()};
    gen(with(List.of(options), "--image", "hex"));

    Cli run = gen(options);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("'ep'");
  }

  @Test
  void fileBehindALink_isReplacedThere_onRequest() throws Exception {
    Path target = Files.write(folder.resolve("target"), new byte[] {1});
    Files.createSymbolicLink(file(), target);
    String[] options = {"-did", "ep", "-dtok", TOKEN, "-o", file().toString()};

    assertThat(gen(options).code()).isEqualTo(2);
    assertThat(gen(with(List.of(options), "--replace")).code()).isZero();

    assertThat(file()).isSymbolicLink();
    assertThat(target).hasBinaryContent(partition("ep", TOKEN));
  }

  /** What is written there is not kept, so nothing is lost. */
  @Test
  void device_isWrittenInto_andTheCheckValueGoesToStandardError() {
    Cli run = gen("-did", "ep", "-dtok", TOKEN, "-o", "/dev/null");

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("ep ");
  }

  @Test
  void folder_orNoFolder_isRefused() {
    for (String output : List.of(folder.toString(), folder.resolve("none/cred.bin").toString())) {
      for (String option : List.of("--replace", "--force", "--image=raw")) {
        Cli run = gen("-did", "ep", "-dtok", TOKEN, option, "-o", output);
        assertThat(run.code()).as(output).isEqualTo(2);
        assertThat(run.errLines()).hasSize(1);
      }
    }
  }

  static Stream<Arguments> refused() {
    String tooLong = "x".repeat(33);
    return Stream.of(
        Arguments.of("no token", List.of("-did", "ep"), true),
        Arguments.of("empty token", List.of("-did", "ep", "-dtok", ""), true),
        Arguments.of("not hex", List.of("-did", "ep", "-dtok", "g" + TOKEN.substring(1)), true),
        Arguments.of("short", List.of("-did", "ep", "-dtok", TOKEN.substring(1)), true),
        Arguments.of("empty id", List.of("-did", "", "-dtok", TOKEN), true),
        Arguments.of("control character", List.of("-did", "a\nb", "-dtok", TOKEN), true),
        Arguments.of("long id", List.of("-did", tooLong, "-dtok", TOKEN), false),
        Arguments.of("long token", List.of("-did", "ep", "-dtok", TOKEN + "0"), false),
        Arguments.of("non-ASCII id", List.of("-did", "é", "-dtok", TOKEN), false),
        Arguments.of("non-ASCII token", List.of("-did", "ep", "-dtok", "é"), false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void whatWouldBrickOrExpose_isRefusedAndNothingWritten(
      String name, List<String> options, boolean originalWrites) {
    Path file = file();
    Cli run = gen(with(options, "-o", file.toString()));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines()).hasSize(1);
    assertThat(run.err()).doesNotContain(TOKEN.substring(1, 20));
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void force_writesWhatTheOriginalWrites_whereItDoes(
      String name, List<String> options, boolean originalWrites) {
    Cli run = gen(with(options, "--force"));

    assertThat(run.code()).isEqualTo(originalWrites ? 0 : 2);
    if (originalWrites) {
      String token = options.size() > 2 ? options.get(3) : "";
      assertThat(run.rawOut()).isEqualTo(partition(options.get(1), token));
      assertThat(run.err()).startsWith("warning: ");
      assertThat(run.errLines()).hasSize(2);
    } else {
      assertThat(run.rawOut()).isEmpty();
    }
  }

  static Stream<Arguments> mistypedTokens() {
    return Stream.of(
        Arguments.of("0x" + TOKEN, "begins with 0x"),
        Arguments.of("0x" + TOKEN.substring(2), "begins with 0x"),
        Arguments.of("3f:9a:1c:77:e0:5b:42:d8:a6:c4:11:9e:8d:02:b7:5f", "a colon as character 3"),
        Arguments.of("3f:9a:1c", "a colon as character 3"),
        Arguments.of("'" + TOKEN + "'", "a quote as character 1"),
        Arguments.of(TOKEN.substring(1) + "\"", "a quote as character 32"),
        Arguments.of("3f9a 1c77", "a blank as character 5"),
        Arguments.of("3f9a\n1c77", "a line's end as character 5"),
        Arguments.of("g" + TOKEN.substring(1), "not a hex digit as character 1"),
        Arguments.of(TOKEN.substring(1), "has 31 hex digits; it needs 32"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistypedTokens")
  void mistypedToken_isExplainedAsItWasTyped(String token, String message) {
    Cli run = gen("-did", "ep", "-dtok", token);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("offset").doesNotContain("1c77");
  }

  @Test
  void missingId_isBadUsage() {
    assertThat(gen("-dtok", TOKEN).code()).isEqualTo(2);
  }

  @Test
  void tokenAndGenerateToken_isBadUsage() {
    assertThat(gen("-did", "ep", "-dtok", TOKEN, "--generate-token").code()).isEqualTo(2);
  }

  @Test
  void page_isThePartitionPaddedAsErasedFlash() {
    byte[] page = gen("-did", "ep", "-dtok", TOKEN, "--image", "page").rawOut();

    assertThat(page).hasSize(0x1000);
    assertThat(Arrays.copyOf(page, 66)).isEqualTo(partition("ep", TOKEN));
    assertThat(Arrays.copyOfRange(page, 66, page.length)).containsOnly(0xff);
  }

  @Test
  void hex_needsAnAddress_fromBoardDevicetreeOrNumber() throws Exception {
    Path overlay =
        Files.writeString(
            folder.resolve("app.overlay"),
            "&flash0 { partitions { credentials_partition: partition@fb000 {"
                + " label = \"lwm2m-credentials\"; reg = <0x000fb000 0x1000>; }; }; };");
    String[] common = {"-did", "ep", "-dtok", TOKEN, "--image", "hex"};

    assertThat(gen(common).code()).isEqualTo(2);
    byte[] byBoard = gen(with(List.of(common), "--board", "nrf52840_pca10056")).rawOut();
    assertThat(new String(byBoard, US_ASCII)).startsWith(":02000004000FEB\n:10B00000");
    assertThat(gen(with(List.of(common), "--dts", overlay.toString())).rawOut()).isEqualTo(byBoard);
    assertThat(gen(with(List.of(common), "--address", "0xfb000", "--size", "4096")).rawOut())
        .isEqualTo(byBoard);
    assertThat(gen(with(List.of(common), "--board", "nrf52840_pca10056", "--address", "1")).code())
        .isEqualTo(2);
    assertThat(gen(with(List.of(common), "--board", "toaster")).err()).contains("frdm_k64f");
    assertThat(gen(with(List.of(common), "--address", "here")).code()).isEqualTo(2);
  }

  private Path file() {
    return folder.resolve("cred.bin");
  }

  private String mode() throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
  }

  private void assertOnlyTheFile() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file());
    }
  }

  private static Cli gen(String... options) {
    return Cli.run(with(List.of("gen-cred-partition"), options));
  }

  private static String[] with(List<String> options, String... more) {
    return Stream.concat(options.stream(), Stream.of(more)).toArray(String[]::new);
  }

  /** What the original generator writes: each string padded with NUL to 33 bytes. */
  private static byte[] partition(String id, String token) {
    byte[] bytes = new byte[66];
    System.arraycopy(id.getBytes(US_ASCII), 0, bytes, 0, id.length());
    System.arraycopy(token.getBytes(US_ASCII), 0, bytes, 33, token.length());
    return bytes;
  }
}
