// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lwm2mcreds.store.internal.MissingRight;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Options from --config and from the user's own configuration file. */
class ConfigFileTest {
  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void init() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    store = TestStore.init(folder);
    store.add("ep", TestStore.TOKEN);
  }

  private Path config(String... lines) throws IOException {
    return write("config.properties", lines);
  }

  private Path write(String name, String... lines) throws IOException {
    Path file = folder.resolve(name);
    Files.write(file, List.of(lines));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  private String storeLine() {
    return "store=sqlite:" + store.file();
  }

  @Test
  void userFile_standsForOptionsThatAreNotGiven() throws Exception {
    Path file = config(storeLine(), "format=json");

    assertThat(Cli.runWithConfig(file, "store", "list").out()).startsWith("{\"endpoint\":\"ep\"");
    assertThat(Cli.runWithConfig(file, "store", "list", "--format", "text").out())
        .startsWith("ep ");
    assertThat(Cli.runWithConfig(file, "store", "list", "--store", "sqlite:none").err())
        .contains("none")
        .doesNotContain("is from");
  }

  @Test
  void configOption_goesBeforeTheUserFile_anywhereInTheCommand() throws Exception {
    Path users = write("users.properties", "store=sqlite:absent.db", "format=json");
    String given = config(storeLine()).toString();

    for (List<String> arguments :
        List.of(
            List.of("store", "list", "--config", given),
            List.of("--config", given, "store", "list"),
            List.of("store", "--config=" + given, "list"))) {
      Cli run = Cli.runWithConfig(users, arguments.toArray(String[]::new));
      assertThat(run.err()).isEmpty();
      assertThat(run.out()).startsWith("{\"endpoint\":\"ep\"");
    }
  }

  @Test
  void keyOfACommand_goesBeforeThatOfAll() throws Exception {
    Path file = config(storeLine(), "format=text", "store.format=json", "store.show.format=text");

    assertThat(Cli.runWithConfig(file, "store", "list").out()).startsWith("{");
    assertThat(Cli.runWithConfig(file, "store", "show", "ep").out()).startsWith("ep");
  }

  @Test
  void requiredOption_mayComeFromTheFile() throws Exception {
    String partition = store.partition("ep", TestStore.TOKEN);

    Cli run =
        Cli.runWithConfig(config("provision.server=http://127.0.0.1:1"), "provision", partition);

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("http://127.0.0.1:1").doesNotContain("missing");
  }

  @Test
  void environment_goesBeforeTheFiles() throws Exception {
    Path file = config("store=sqlite:absent.db", "wrapping-key=absent.key");
    Map<String, String> environment =
        Map.of(
            StoreOptions.STORE_VARIABLE, "sqlite:" + store.file(),
            StoreOptions.KEY_VARIABLE, store.file() + ".key");

    Settings settings = Settings.of(line(), Optional.of(file), environment, "store", "list");

    assertThat(settings.all()).containsExactly("store", "list");
    assertThat(Settings.of(line(), Optional.of(file), Map.of(), "store", "list").all())
        .containsExactly("store", "list", "--store=sqlite:absent.db", "--wrapping-key=absent.key");
  }

  @ParameterizedTest
  @CsvSource({
    "store list --store-passphrase @p, --store=sqlite:fleet.db",
    "store list --store-key k, --store=sqlite:fleet.db",
    "serve --partition x, --board=frdm_k64f",
    "serve --partition x --at 0, ''",
    "serve, --store=sqlite:fleet.db --wrapping-key=k --board=frdm_k64f",
    "inspect x, --board=frdm_k64f",
    "demo, ''",
    "verify --images x --manifest m, --wrapping-key=k --board=frdm_k64f",
    "verify --images x --server s, --wrapping-key=k --board=frdm_k64f",
    "verify --images x, --store=sqlite:fleet.db --wrapping-key=k --board=frdm_k64f",
  })
  void whatIsGiven_silencesWhatItExcludes(String typed, String added) throws Exception {
    Path file = config("store=sqlite:fleet.db", "wrapping-key=k", "board=frdm_k64f");

    Settings settings = Settings.of(line(), Optional.of(file), Map.of(), typed.split(" "));

    assertThat(settings.all())
        .containsAll(List.of(typed.split(" ")))
        .filteredOn(word -> !List.of(typed.split(" ")).contains(word))
        .containsExactly(added.isEmpty() ? new String[0] : added.split(" "));
  }

  @Test
  void badValue_isSaidToComeFromTheFile() throws Exception {
    Path file = config("serve.coaps-port=many", "store=fleet");

    assertThat(Cli.runWithConfig(file, "serve", "--partition", "x").errLines())
        .containsExactly(
            "serve: bad value for --coaps-port PORT (--coaps-port is from "
                + file
                + ") (try --help)");
    assertThat(Cli.runWithConfig(file, "store", "list").err())
        .contains("--store must be sqlite:FILE")
        .endsWith("(--store is from " + file + ")" + System.lineSeparator());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "stroe=sqlite:x | unknown key 'stroe'; did you mean store?",
        "store.lst.format=json | unknown key 'store.lst.format'; did you mean store.list.format?",
        "xyzzy=1 | unknown key 'xyzzy'; the keys are store, wrapping-key",
        "allow-weak-keys=true | unknown key 'allow-weak-keys'; the keys are",
        "store.list.board=x | 'store.list.board': store list has no --board",
        "3f9a1c77e05b42d8a6c4119e8d02b75f | a line does not begin with a known key",
        "device-token=3f9a1c77e05b42d8a6c4119e8d02b75f | 'device-token' would be a secret in clear",
        "store.add.key=3f9a1c77e05b42d8a6c4119e8d02b75f | 'store.add.key' would be a secret",
        "store-passphrase=3f9a1c77e05b42d8 | 'store-passphrase' must be @FILE",
        "store-passphrase=- | 'store-passphrase' must be @FILE",
        "header=Authorization: 3f9a1c77e05b42d8 | 'header' must be NAME:@FILE",
      })
  void keyThatIsUnknown_orASecret_isRefused_andNotRepeated(String line, String message)
      throws Exception {
    Path file = config(storeLine(), line);

    Cli run = Cli.runWithConfig(file, "store", "list");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errLines()).singleElement().asString().startsWith("lwm2m-creds: " + file);
    assertThat(run.err()).contains(message).doesNotContain("3f9a1c77");
  }

  @Test
  void passwordInTheStoresAddress_isRefused_andNotRepeated() throws Exception {
    Path file = config("store=postgresql://me:hunter2@127.0.0.1/fleet");

    Cli run = Cli.runWithConfig(file, "store", "list");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("PGPASSWORD", "is from " + file).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"store=a\nstore=b", "store=\\u00"})
  void fileThatIsAmbiguousOrBroken_isRefused(String content) throws Exception {
    Cli run = Cli.runWithConfig(config(content), "store", "list");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("sets a key twice, or is not a properties file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw-r--", "rw-r--rw-"})
  void fileThatOthersMayWrite_isRefused(String mode) throws Exception {
    Path file = config(storeLine());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

    Cli run = Cli.runWithConfig(file, "store", "list");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("others may change it", "decides which store", "chmod go-w");
  }

  @Test
  void fileInAFolderThatOthersMayWrite_isRefused_unlessItIsSticky() throws Exception {
    Path file = config(storeLine());
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(Cli.runWithConfig(file, "store", "list").err()).contains("others may replace it");
    Files.setAttribute(folder, "unix:mode", 01777);
    assertThat(Cli.runWithConfig(file, "store", "list").code()).isZero();
  }

  @Test
  void fileBelowAFolderThatOthersMayWrite_isRefused() throws Exception {
    Path above = Files.createDirectory(folder.resolve("above"));
    Path own = Files.createDirectory(above.resolve("own"));
    Path file = Files.move(config(storeLine()), own.resolve("config.properties"));
    assertThat(Cli.runWithConfig(file, "store", "list").code()).isZero();

    Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(Cli.runWithConfig(file, "store", "list").err())
        .contains("others may replace it", "the folder " + above);
  }

  /** Whoever may write there can have the link lead to another file. */
  @ParameterizedTest
  @ValueSource(strings = {"", "config.properties"})
  void linkInAFolderThatOthersMayWrite_isRefused_andOneElsewhereFollowed(String behind)
      throws Exception {
    config(storeLine());
    Path open = Files.createDirectory(folder.resolve("open"));
    Path target = behind.isEmpty() ? folder.resolve("config.properties") : folder;
    Path link = Files.createSymbolicLink(open.resolve("link"), target);
    Path first = Files.createSymbolicLink(folder.resolve("first"), Path.of("open", "link"));
    assertThat(Cli.runWithConfig(first.resolve(behind), "store", "list").code()).isZero();

    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThat(Cli.runWithConfig(link.resolve(behind), "store", "list").err())
        .contains("others may replace it", "the folder " + open);
    assertThat(Cli.runWithConfig(first.resolve(behind), "store", "list").err())
        .contains("others may replace it", "the folder " + open);
  }

  @Test
  void checkedFile_isTheOneThatIsRead_whateverALinkLeadsToMeanwhile() throws Exception {
    Path file = config(storeLine());
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    assertThat(Guarded.requireUnchangedByOthers(link)).isEqualTo(file.toRealPath());
  }

  @Test
  void linkAndFolderOfAnotherUser_areRefused() throws Exception {
    Path own = Files.createDirectory(folder.resolve("own"));
    Path file = Files.move(config(storeLine()), own.resolve("config.properties"));
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assumeTrue(MissingRight.user().equals("root"), "only root can give files away");

    Files.setAttribute(link, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
    assertThat(Cli.runWithConfig(link, "store", "list").err()).contains("belongs to the user '");
    Files.setAttribute(own, "unix:uid", 65534);
    assertThat(Cli.runWithConfig(file, "store", "list").err())
        .contains(own + " belongs to the user '");
  }

  @Test
  void fileOfAnotherUser_isRefused() throws Exception {
    Path file = config(storeLine());
    assumeTrue(MissingRight.user().equals("root"), "only root can give files away");
    Files.setAttribute(file, "unix:uid", 65534);

    Cli run = Cli.runWithConfig(file, "store", "list");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("belongs to the user '", "who may change it");
  }

  @Test
  void fileThatIsMissing_isRefused_butNotByHelp() {
    Cli run = Cli.run("store", "list", "--config", folder.resolve("none").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("none: no such file");
    assertThat(Cli.run("store", "list", "--config", "none", "--help").code()).isZero();
  }

  @Test
  void ofUser_isWhereTheDesktopSpecificationPutsIt() throws Exception {
    Path ours = Files.createDirectories(folder.resolve(".config/lwm2m-creds"));
    Path file = Files.writeString(ours.resolve("config.properties"), "");
    Map<String, String> set = Map.of("XDG_CONFIG_HOME", folder.resolve(".config").toString());

    assertThat(ConfigFile.ofUser(Map.of(), folder.toString())).contains(file);
    assertThat(ConfigFile.ofUser(set, "/nowhere")).contains(file);
    assertThat(ConfigFile.ofUser(Map.of("XDG_CONFIG_HOME", "relative"), folder.toString()))
        .contains(file);
    assertThat(ConfigFile.ofUser(Map.of(), folder.resolve("other").toString())).isEmpty();
  }

  @Test
  void keys_areOptionsOfCommands_thatTakeAValue() {
    Set<String> withValue = new TreeSet<>();
    Set<String> commands = new TreeSet<>();
    line().getSubcommands().forEach((name, sub) -> collect(name, sub, commands, withValue));

    assertThat(withValue).containsAll(ConfigKeys.OPTIONS);
    assertThat(commands).containsExactlyInAnyOrderElementsOf(ConfigKeys.COMMANDS);
  }

  private static void collect(
      String path, CommandLine command, Set<String> commands, Set<String> withValue) {
    commands.add(path);
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (option.arity().max() > 0) {
        withValue.add(option.longestName().substring(2));
      }
    }
    command
        .getSubcommands()
        .forEach((name, sub) -> collect(path + "." + name, sub, commands, withValue));
  }

  private static CommandLine line() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return Main.commandLine(new Streams(InputStream.nullInputStream(), nowhere, nowhere));
  }
}
