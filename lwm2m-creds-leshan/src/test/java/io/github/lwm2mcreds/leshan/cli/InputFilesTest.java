// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputFilesTest {
  @TempDir Path folder;

  private void make(String... names) throws Exception {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private List<String> found(String... arguments) throws CommandException {
    return foundWithInput("", arguments);
  }

  private List<String> foundWithInput(String input, String... arguments) throws CommandException {
    PrintStream none = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
    Streams streams = new Streams(new ByteArrayInputStream(input.getBytes(UTF_8)), none, none);
    return InputFiles.of(Stream.of(arguments).map(this::absolute).toList(), streams).stream()
        .map(file -> folder.relativize(file).toString())
        .toList();
  }

  private String absolute(String argument) {
    return argument.startsWith("@") ? argument : folder + "/" + argument;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lot/*.hex   | lot/a.hex lot/b.hex",
        "lot/?.bin   | lot/c.bin",
        "lot/[ab].*  | lot/a.hex lot/b.hex",
        "lot/*.{bin,hex} | lot/a.hex lot/b.hex lot/c.bin",
        "*/*/*.hex   | lot/sub/d.hex",
        "**.hex      | lot/a.hex lot/b.hex lot/sub/d.hex",
        "lot/**      | lot/a.hex lot/b.hex lot/c.bin lot/sub/d.hex",
        "lot/.*      | lot/.part.tmp",
        "lot         | lot/a.hex lot/b.hex lot/c.bin",
        "lot/sub lot | lot/sub/d.hex lot/a.hex lot/b.hex lot/c.bin",
        "lot/c.bin lot lot/*.bin | lot/c.bin lot/a.hex lot/b.hex",
        "missing lot/sub | missing lot/sub/d.hex",
      })
  void foldersAndPatterns_areFilesInTheOrderOfTheirNames_eachOnce(String arguments, String files)
      throws Exception {
    make("lot/b.hex", "lot/a.hex", "lot/c.bin", "lot/sub/d.hex", "lot/.part.tmp", "lot/.x/e.hex");

    assertThat(found(arguments.split(" "))).containsExactly(files.split(" "));
  }

  @Test
  void fileWithTheNameOfAPattern_isThatFile() throws Exception {
    make("a[1].hex", "a1.hex");

    assertThat(found("a[1].hex")).containsExactly("a[1].hex");
    assertThat(found("a[1]*")).containsExactly("a1.hex");
  }

  @Test
  void linkInACircle_isGoneThroughOnce() throws Exception {
    make("lot/a.hex");
    Files.createSymbolicLink(folder.resolve("lot/again"), folder.resolve("lot"));
    Files.createSymbolicLink(folder.resolve("lot/dead.hex"), folder.resolve("away"));
    Files.createSymbolicLink(folder.resolve("here"), folder.resolve("lot"));

    assertThat(found("lot/**.hex")).containsExactly("lot/a.hex");
    assertThat(found("here/*.hex")).containsExactly("here/a.hex");
    assertThat(found("here")).containsExactly("here/a.hex");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lot/*.none  | lot/*.none: no file matches the pattern",
        "away/*.hex  | away/*.hex: no file matches the pattern",
        "lot/[a      | no such file, and no pattern: ",
        "empty       | empty: there is no file in the folder",
      })
  void whatIsNoFile_isRefused(String argument, String message) throws Exception {
    make("lot/a.hex", "empty/.hidden");

    assertThatThrownBy(() -> found(argument))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining(message);
  }

  @Test
  void list_isOnePathALine_inItsOrder() throws Exception {
    make("lot/a*.hex", "lot/b b.hex", "lot/@c");
    Path list =
        Files.writeString(
            folder.resolve("list"),
            "\ufeff" + absolute("lot/b b.hex") + "\r\n\r\n" + absolute("lot/a*.hex"));
    String input = absolute("lot/@c") + "\n";

    assertThat(found("@" + list)).containsExactly("lot/b b.hex", "lot/a*.hex");
    assertThat(foundWithInput(input, "@-", "lot/a*.hex")).containsExactly("lot/@c", "lot/a*.hex");
  }

  @Test
  void lineOfAList_thatIsNoFile_isRefusedWithItsNumber() throws Exception {
    make("lot/a.hex");
    String good = absolute("lot/a.hex") + "\n";

    assertThatThrownBy(() -> foundWithInput(good + "\n" + absolute("none"), "@-"))
        .hasMessageStartingWith("standard input, line 3: ")
        .hasMessageEndingWith("none: no such file");
    assertThatThrownBy(() -> foundWithInput(good + absolute("lot"), "@-"))
        .hasMessageStartingWith("standard input, line 2: ")
        .hasMessageContaining("is a folder");
    assertThatThrownBy(() -> foundWithInput("a\0b", "@-"))
        .hasMessage("standard input, line 1: 'a\\u0000b' is not a file name");
    assertThatThrownBy(() -> foundWithInput("\n", "@-")).hasMessageContaining("names no file");
    assertThatThrownBy(() -> found("@" + folder.resolve("none")))
        .hasMessageEndingWith("none: no such file");
    Path bytes = Files.write(folder.resolve("image"), new byte[] {(byte) 0xff, 1});
    assertThatThrownBy(() -> found("@" + bytes)).hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void commands_takeThousandsOfFiles_fromAFolderPatternOrList() throws Exception {
    int devices = 3_000;
    TestStore store = TestStore.init(folder);
    String images = folder.resolve("images").toString();
    Cli generated =
        Cli.run(
            "generate",
            "--count",
            "" + devices,
            "--endpoint-template",
            "sensor-%05d",
            "--start",
            "0",
            "--out",
            images,
            "--manifest",
            folder.resolve("lot.csv").toString(),
            "--quiet");
    assertThat(generated.code()).as(generated::err).isZero();
    List<String> shuffled =
        new ArrayList<>(
            IntStream.range(0, devices)
                .mapToObj(i -> String.format(Locale.ROOT, "%s/sensor-%05d.bin", images, i))
                .toList());
    Collections.shuffle(shuffled, new Random(1));

    Cli inspected = Cli.run("inspect", images, "--json");
    Cli added = store.run("add", images + "/*-0[01]*.bin");
    Cli addedFromList = store.runWithInput(String.join("\n", shuffled), "add", "@-");

    assertThat(inspected.code()).as(inspected::err).isZero();
    assertThat(inspected.out().lines()).hasSize(devices);
    assertThat(inspected.out())
        .startsWith("{\"file\":\"" + shuffled.stream().sorted().toList().get(0));
    assertThat(added.code()).as(added::err).isZero();
    assertThat(added.out().lines()).hasSize(2_000);
    assertThat(addedFromList.code()).as(addedFromList::err).isZero();
    assertThat(addedFromList.out().lines().filter(row -> row.endsWith("  added"))).hasSize(1_000);
  }

  @Test
  void import_takesFoldersOfManifests_inOrder() throws Exception {
    TestStore store = TestStore.init(folder);
    make("lots/2.csv", "lots/1.csv", "lots/readme");
    Files.writeString(folder.resolve("lots/1.csv"), "endpoint,psk\na," + TestStore.TOKEN + "\n");
    Files.writeString(
        folder.resolve("lots/2.csv"), "endpoint,psk\nb," + TestStore.OTHER_TOKEN + "\n");

    Cli run = store.run("import", folder.resolve("lots/*.csv").toString());

    assertThat(run.code()).as(run::err).isZero();
    assertThat(run.out().lines().filter(line -> line.contains(".csv: ")).toList())
        .satisfiesExactly(
            line -> assertThat(line).endsWith("1.csv: 1 added"),
            line -> assertThat(line).endsWith("2.csv: 1 added"));
    assertThat(store.run("import", folder.resolve("none*").toString()).err())
        .startsWith("store import: ")
        .contains("no file matches the pattern");
  }
}
