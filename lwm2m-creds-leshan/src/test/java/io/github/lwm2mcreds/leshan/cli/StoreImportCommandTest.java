// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan.cli;

import static io.github.lwm2mcreds.leshan.cli.TestStore.OTHER_TOKEN;
import static io.github.lwm2mcreds.leshan.cli.TestStore.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lwm2mcreds.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreImportCommandTest {
  private static final String THIRD_TOKEN = "0d47e1c95ba8236f71d0e4f8a92c3b65";
  private static final String HEADER = "endpoint,pskIdentity,psk,site\n";
  private static final String TWO =
      HEADER + "a,," + TOKEN + ",J\u00fclich\n" + "b,id-b," + OTHER_TOKEN + ",\n";

  @TempDir Path folder;
  private TestStore store;

  @BeforeEach
  void init() {
    store = TestStore.init(folder);
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private Cli run(String... args) {
    Cli run = store.run("import", args);
    assertThat(run.out() + run.err())
        .doesNotContain(TOKEN, OTHER_TOKEN, THIRD_TOKEN, TestKeys.PASSWORD, "unexpected");
    return run;
  }

  @Test
  void manifest_isTakenIn_aRowEach_andUnchangedWhenItIsRunAgain() throws Exception {
    String manifest = file("lot.csv", TWO);

    Cli first = run(manifest);
    Cli again = run(manifest);

    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out().lines())
        .satisfiesExactly(
            row -> assertThat(row).matches("a +[0-9a-f]{8}  added"),
            row -> assertThat(row).matches("b +[0-9a-f]{8}  identity 'id-b'  added"),
            row -> assertThat(row).isEqualTo(manifest + ": 2 added"));
    assertThat(again.code()).isZero();
    assertThat(again.out()).endsWith(manifest + ": 2 unchanged\n");
    assertThat(store.run("show", "b", "--reveal", "--yes").out()).contains(OTHER_TOKEN, "id-b");
    assertThat(store.run("audit").out().lines()).hasSize(2);
  }

  @Test
  void badRows_areEachReportedWithTheirPlace_andTheOthersTaken() throws Exception {
    String manifest =
        file(
            "lot.csv",
            HEADER
                + "a,,"
                + TOKEN
                + ",\n"
                + "b,,zz,\n"
                + "c,,1111,\n"
                + "d\n"
                + ",,"
                + OTHER_TOKEN
                + ",\n"
                + "e,,"
                + THIRD_TOKEN
                + ",\n");

    Cli run = run(manifest);

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out().lines())
        .satisfiesExactly(
            row -> assertThat(row).endsWith("  added"),
            row ->
                assertThat(row)
                    .startsWith("b ")
                    .contains("(no key)  unreadable  " + manifest + ", line 3, psk: "),
            row ->
                assertThat(row)
                    .startsWith("c ")
                    .contains("weak  " + manifest + ", line 4: the key of 'c' has fewer than 16")
                    .endsWith("(--allow-weak-keys)"),
            row -> assertThat(row).contains("line 5: the row has 1 fields, the header has 4"),
            row -> assertThat(row).startsWith("(not set) ").contains("line 6, endpoint: "),
            row -> assertThat(row).startsWith("e ").endsWith("  added"),
            row -> assertThat(row).endsWith(": 2 added, 1 weak, 3 unreadable"));
    assertThat(store.run("list").out().lines()).hasSize(2);
  }

  @Test
  void weakKeys_areTakenWithAWarning_whereTheyAreAllowed() throws Exception {
    Cli run = run(file("lot.csv", HEADER + "c,,1111,\n"), "--allow-weak-keys", "--summary");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("added  ", "line 2: warning: the key has fewer than 16 bytes");
    assertThat(run.errLines())
        .containsExactly("warning: 1 of the devices have a key that does not protect them");
  }

  @Test
  void whatTheStoreHasOtherwise_isRefused_orReplacedWhenAsked() throws Exception {
    store.add("a", OTHER_TOKEN);
    store.add("gone", THIRD_TOKEN);
    store.run("revoke", "gone", "--reason", "lost");
    store.run("add", "--endpoint", "owner", "--identity", "id-b");
    String manifest = file("lot.csv", TWO + "gone,," + THIRD_TOKEN + ",\n");

    Cli refused = run(manifest);
    Cli replaced = run(manifest, "--replace", "--summary");

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.out().lines())
        .satisfiesExactly(
            row -> assertThat(row).contains("  changed  ", "line 2: the endpoint", "(--replace)"),
            row -> assertThat(row).contains("  conflicting  ", "line 3: PSK identity 'id-b'"),
            row -> assertThat(row).contains("  revoked  ", "line 4: ", "(lost)"),
            row -> assertThat(row).endsWith(": 1 changed, 1 conflicting, 1 revoked"));
    assertThat(replaced.code()).isEqualTo(3);
    assertThat(replaced.out().lines()).hasSize(3);
    assertThat(replaced.out()).endsWith(": 1 replaced, 1 conflicting, 1 revoked\n");
    assertThat(store.run("show", "a", "--reveal", "--yes").out()).contains(TOKEN);
  }

  @Test
  void dryRun_saysWhatWouldBeDone_andChangesNothing() throws Exception {
    store.add("a", OTHER_TOKEN);

    Cli run = run(file("lot.csv", TWO), "--replace", "--dry-run");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("would be replaced", "would be added")
        .endsWith("in all: 1 added, 1 replaced (dry run: nothing was changed)\n");
    assertThat(store.run("list").out().lines()).hasSize(1);
    assertThat(store.run("show", "a", "--reveal", "--yes").out()).contains(OTHER_TOKEN);
  }

  @Test
  void sealedLot_isOpened_andOneThatIsNotWhole_isNoticed() throws Exception {
    TestKeys factory = TestKeys.make(folder, "factory", "EC");
    TestKeys server = TestKeys.make(folder, "server", "RSA");
    String sealed = folder.resolve("lot.p7m").toString();
    String clear = folder.resolve("clear.csv").toString();
    String[] opening = {
      "--trust",
      factory.certificate(),
      "--open-with",
      server.p12(),
      "--open-passphrase",
      server.passphrase()
    };
    String[] seal = {
      "manifest",
      "seal",
      file("lot.csv", TWO),
      "--lot",
      "L-1",
      "--seal-to",
      server.certificate(),
      "-o",
      sealed,
      "--sign-with",
      factory.pem()
    };
    assertThat(Cli.run(seal).code()).isZero();
    assertThat(Cli.run(concat(opening, "manifest", "open", sealed, "-o", clear)).code()).isZero();
    List<String> lines = new ArrayList<>(Files.readAllLines(Path.of(clear)));

    Cli whole = run(concat(opening, sealed));
    lines.remove(1);
    Cli missing = run(file("missing.csv", String.join("\r\n", lines) + "\r\n"));
    lines.remove(2);
    Cli cut = run(file("cut.csv", String.join("\r\n", lines) + "\r\n"));
    Cli unopened = run(sealed);

    assertThat(whole.code()).isZero();
    assertThat(whole.out())
        .endsWith(": 2 added; lot L-1 complete: yes, all rows are there and" + " unchanged\n");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.out())
        .endsWith(": 1 unchanged; lot L-1 complete: NO, the lot has 2 rows, but 1 can be read\n");
    assertThat(cut.code()).isEqualTo(3);
    assertThat(cut.out()).contains("lot L-1 complete: NO, its end is missing");
    assertThat(unopened.code()).isEqualTo(2);
    assertThat(unopened.err()).contains("store import: ", "lot.p7m: the manifest is sealed");
  }

  private static String[] concat(String[] more, String... first) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void severalFiles_areLotsOfTheirOwn_andOneThatIsNone_keepsNoneOut() throws Exception {
    String one = file("one.csv", HEADER + "a,," + TOKEN + ",\n");
    String two = file("two.ndjson", "{\"endpoint\":\"b\",\"psk\":\"" + OTHER_TOKEN + "\"}\n");

    Cli run = run(one, file("none.txt", "a;b\n"), two, folder.resolve("away").toString());

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errLines())
        .satisfiesExactly(
            line -> assertThat(line).contains("store import: ", "none.txt: the header has no"),
            line -> assertThat(line).contains("away: no such file"));
    assertThat(run.out()).contains(one + ": 1 added", two + ": 1 added", "in all: 2 added");
  }

  @Test
  void devicesThatShareAKey_areTakenWithAWarning_acrossFiles() throws Exception {
    String one = file("one.csv", HEADER + "a,," + TOKEN + ",\n");
    String two = file("two.csv", HEADER + "b,," + OTHER_TOKEN + ",\nc,," + TOKEN + ",\n");

    Cli run = run(one, two, "--summary");

    assertThat(run.code()).isZero();
    assertThat(run.out().lines().toList().get(1))
        .matches("c +[0-9a-f]{8}  added  .*two.csv, line 3: warning: the key is also that of .*")
        .contains(one + ", line 2; each device needs a key of its own");
    assertThat(run.err()).startsWith("warning: 1 of the devices");
  }

  @Test
  void endpointWithTwoKeys_isNotTakenAtAll_evenWhenReplacing() throws Exception {
    String one =
        file("one.csv", HEADER + "a,," + TOKEN + ",\nc,," + THIRD_TOKEN + ",\na,," + TOKEN + ",\n");
    String two = file("two.csv", HEADER + "a,," + OTHER_TOKEN + ",\n");

    Cli run = run(one, two, "--replace");

    String candidates =
        "the endpoint has different credentials in " + one + ", line 2 and " + two + ", line 2;";
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out())
        .contains(one + ", line 2: " + candidates, one + ", line 4: " + candidates)
        .contains(two + ", line 2: " + candidates)
        .contains("1 added, 2 ambiguous", two + ": 1 ambiguous");
    assertThat(store.run("list").out()).startsWith("c ").hasLineCount(1);
  }

  @Test
  void endpointWithTwoIdentities_isNotTakenEither() throws Exception {
    Cli run = run(file("one.csv", HEADER + "a,," + TOKEN + ",\na,other," + TOKEN + ",\n"));

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out()).endsWith(": 2 ambiguous\n");
  }

  @Test
  void pipe_isReadOnce_soThatOnlyTheSecondOfTwoKeysIsFound() throws Exception {
    Peers.require("mkfifo");
    Path pipe = folder.resolve("pipe");
    Peers.run("mkfifo", pipe.toString());
    String text = HEADER + "a,," + TOKEN + ",\na,," + OTHER_TOKEN + ",\n";
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              try {
                Files.writeString(pipe, text);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    Cli run = run(pipe.toString());
    writing.join();

    assertThat(run.out())
        .contains("line 3: the endpoint has different credentials in " + pipe + ", line 2 and ")
        .endsWith(": 1 added, 1 ambiguous\n");
  }

  @Test
  void json_isAnObjectForEachRow_eachSource_andTheTotal() throws Exception {
    String manifest = file("lot.csv", TWO + "c,,zz,\n");

    Cli run = run(manifest, "--format", "json");

    List<JsonNode> objects = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      objects.add(new ObjectMapper().readTree(line));
    }
    assertThat(objects).hasSize(5);
    assertThat(objects.get(1).get("pskIdentity").asText()).isEqualTo("id-b");
    assertThat(objects.get(1).get("outcome").asText()).isEqualTo("added");
    assertThat(objects.get(1).get("source").asText()).isEqualTo(manifest);
    assertThat(objects.get(1).get("line").asInt()).isEqualTo(3);
    assertThat(objects.get(1).get("checkValue").asText()).hasSize(8);
    assertThat(objects.get(2).get("outcome").asText()).isEqualTo("unreadable");
    assertThat(objects.get(2).get("column").asText()).isEqualTo("psk");
    assertThat(objects.get(2).get("reason").asText()).isEqualTo("INVALID_VALUE");
    assertThat(objects.get(3).get("lotCheck").asText()).isEqualTo("NO_LOT");
    assertThat(objects.get(4).get("added").asInt()).isEqualTo(2);
    assertThat(objects.get(4).get("unreadable").asInt()).isEqualTo(1);
    assertThat(objects.get(4).get("dryRun").asBoolean()).isFalse();
  }

  @Test
  void importThatIsKilled_goesOnWhenItIsRunAgain() throws Exception {
    int devices = 60_000;
    StringBuilder text = new StringBuilder("endpoint,psk\n");
    for (int i = 0; i < devices; i++) {
      text.append(
          String.format(Locale.ROOT, "sensor-%06d,%08x%024x\n", i, i * 0x9e3779b1, i * 7919L + 1));
    }
    String manifest = file("lot.csv", text.toString());

    try (Child child =
        Child.startMain(
            folder, Map.of(), "store", "import", manifest, "--store", "sqlite:" + store.file())) {
      child.awaitLine(line -> line.endsWith("  added"));
    } // kills it
    long before = store.run("list").out().lines().count();
    Cli again = run(manifest, "--summary", "--quiet", "--format", "json");

    assertThat(before).isPositive().isLessThan(devices);
    assertThat(again.code()).isZero();
    JsonNode total = new ObjectMapper().readTree(again.out().lines().toList().get(1));
    assertThat(total.get("unchanged").asLong()).isEqualTo(before);
    assertThat(total.get("added").asLong()).isEqualTo(devices - before);
    assertThat(store.run("check").code()).isZero();
  }
}
