// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.jdbc.KillableProcess.batch;
import static io.github.lwm2mcreds.store.jdbc.KillableProcess.next;
import static io.github.lwm2mcreds.store.jdbc.KillableProcess.nextDone;
import static io.github.lwm2mcreds.store.jdbc.KillableProcess.single;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.ImportCounts;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ImportOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A process is killed, at any moment, over and over: the store opens every time, has all that was
 * acknowledged, and of what was under way all or nothing.
 */
class SqliteKillTest {
  private static final int KILLS = Integer.getInteger("lwm2mcreds.kills", 20);

  private static final int IMPORTED = 45_000;

  private final SqliteStores stores = new SqliteStores();
  private final Path file = stores.newFile();
  private final Path key = stores.folder().resolve("key");
  private final Random random = new Random();

  @AfterEach
  void closeStores() {
    stores.close();
  }

  /** What a process had done when it was killed, and what it was about to do; null if nothing. */
  private record Killed(String when, Map<String, String> done, String underWay) {}

  @Test
  void write_killedAgainAndAgain_keepsAllThatWasAcknowledged() throws IOException {
    stores.describe(file).create().close();
    List<Killed> all = new ArrayList<>();
    for (int run = 0; run < KILLS; run++) {
      Killed killed = writeUntilKilled(run);
      all.add(killed);
      try (JdbcCredentialStore store = stores.describe(file).open()) {
        List<StoreFinding> findings = new ArrayList<>();
        store.check(findings::add, done -> {});
        assertThat(findings).as(killed.when).isEmpty();
        assertKept(store, killed);
      }
    }
    try (JdbcCredentialStore store = stores.describe(file).open()) {
      all.forEach(killed -> assertKept(store, killed));
    }
  }

  private Killed writeUntilKilled(int run) throws IOException {
    long seed = random.nextLong();
    int acknowledgements = 1 + random.nextInt(40);
    List<String> begun = new ArrayList<>();
    Map<String, String> done = new LinkedHashMap<>();
    int count = 0;
    Process process =
        KillableProcess.start(
            folder("tmp"), "write", file.toString(), key.toString(), "r" + run, "" + seed);
    try (BufferedReader output = outputOf(process)) {
      for (String line = nextDone(output, begun); line != null; line = nextDone(output, begun)) {
        count++;
        String[] words = line.split(" ");
        if (words.length > 1) {
          done.put(words[1], line);
        }
        if (count == acknowledgements) {
          process.toHandle().destroyForcibly(); // unlike Process, this leaves its output open
        }
      }
    } finally {
      process.destroyForcibly();
    }
    String when = "run " + run + ", seed " + seed + ", killed after " + acknowledgements;
    String underWay = begun.size() > count ? begun.get(begun.size() - 1) : null;
    return new Killed(when, done, underWay);
  }

  private static void assertKept(JdbcCredentialStore store, Killed killed) {
    Map<String, String> expected = new HashMap<>(killed.done);
    if (killed.underWay != null && !killed.underWay.equals("reseal")) {
      String name = killed.underWay.split(" ")[1];
      String before = expected.remove(name);
      assertThat(isAsAfter(store, killed.underWay) || isAsAfter(store, before, name))
          .as(killed.when + ", in the middle of " + killed.underWay)
          .isTrue();
    }
    expected.values().forEach(line -> assertThat(isAsAfter(store, line)).as(line).isTrue());
  }

  private static boolean isAsAfter(JdbcCredentialStore store, String before, String name) {
    if (before != null) {
      return isAsAfter(store, before);
    }
    return store.findByEndpoint(name).isEmpty()
        && batch(name, 60).stream().noneMatch(c -> has(store, c));
  }

  private static boolean isAsAfter(JdbcCredentialStore store, String line) {
    String[] words = line.split(" ");
    String name = words[1];
    PskIdentity old = single(name).pskIdentity();
    return switch (words[0]) {
      case "put" -> has(store, single(name)) && !has(store, next(name));
      case "batch" -> batch(name, Integer.parseInt(words[2])).stream().allMatch(c -> has(store, c));
      case "rotate" -> has(store, single(name)) && has(store, next(name));
      case "confirm" -> has(store, next(name)) && store.findByPskIdentity(old).isEmpty();
      case "revoke" ->
          store.findByEndpoint(name).isEmpty() && store.findRevocation(name).isPresent();
      default -> throw new AssertionError(line);
    };
  }

  private static boolean has(JdbcCredentialStore store, DeviceCredential credential) {
    return store.findByPskIdentity(credential.pskIdentity()).filter(credential::equals).isPresent();
  }

  @Test
  void import_killedAndRunAgain_hasAllOnceAndAnUnbrokenHistory() throws IOException {
    for (int run = 0; run < Math.max(3, KILLS / 10); run++) {
      Path imported = stores.newFile();
      stores.describe(imported).create().close();
      long acknowledged = importUntilKilled(imported);
      try (JdbcCredentialStore store = stores.describe(imported).open()) {
        long kept = store.size();
        assertThat(kept).isGreaterThanOrEqualTo(acknowledged);
        assertThat(kept == IMPORTED || kept % BulkImport.BATCH == 0).isTrue();
        assertSound(store);

        ImportCounts counts =
            store.importAll(batch("import", IMPORTED).iterator(), ImportOptions.adding());

        assertThat(counts.of(ImportOutcome.UNCHANGED)).isEqualTo(kept);
        assertThat(counts.of(ImportOutcome.ADDED)).isEqualTo(IMPORTED - kept);
        assertThat(store.size()).isEqualTo(IMPORTED);
        assertThat(store.checkpoint().number()).isEqualTo(IMPORTED); // nothing twice
        assertSound(store);
      }
    }
  }

  /** Returns how many were acknowledged when the process was killed, at any moment. */
  private long importUntilKilled(Path imported) throws IOException {
    Process process =
        KillableProcess.start(
            folder("tmp"), "import", imported.toString(), key.toString(), "" + IMPORTED);
    long acknowledged = 0;
    int batches = random.nextInt(IMPORTED / BulkImport.BATCH);
    List<String> begun = new ArrayList<>();
    try (BufferedReader output = outputOf(process)) {
      for (String line = nextDone(output, begun); line != null; line = nextDone(output, begun)) {
        acknowledged = Long.parseLong(line);
        if (acknowledged > (long) batches * BulkImport.BATCH) {
          LockSupport.parkNanos(random.nextInt(100_000_000)); // to meet the next one anywhere
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly();
    }
    return acknowledged;
  }

  private static void assertSound(JdbcCredentialStore store) {
    List<StoreFinding> findings = new ArrayList<>();
    store.check(findings::add, done -> {});
    assertThat(findings).isEmpty();
  }

  @Test
  void create_killedAgainAndAgain_leavesAStoreOrWhatOneCanBeMadeOf() throws IOException {
    for (int run = 0; run < Math.max(5, KILLS / 4); run++) {
      Path folder = folder("create-" + run);
      List<String> begun = new ArrayList<>();
      List<String> done = new ArrayList<>();
      Process process =
          KillableProcess.start(folder, "create", folder.toString(), key.toString(), "never");
      int acknowledgements = 1 + random.nextInt(5);
      try (BufferedReader output = outputOf(process)) {
        for (String line = nextDone(output, begun); line != null; line = nextDone(output, begun)) {
          done.add(line);
          if (done.size() == acknowledgements) {
            LockSupport.parkNanos(random.nextInt(20_000_000)); // to meet it early and late
            process.toHandle().destroyForcibly();
          }
        }
      }
      for (String made : done) {
        stores.describe(Path.of(made)).open().close();
      }
      begun.removeAll(done);
      for (String unfinished : begun) {
        assertUsable(Path.of(unfinished));
      }
    }
  }

  /** Killed when the tables are made, when the key is, and before the store is first read. */
  @ParameterizedTest
  @ValueSource(strings = {"tables", "key", "committed"})
  void create_killedHalfWay_leavesAStoreOrWhatOneCanBeMadeOf(String step) throws Exception {
    Path folder = folder("halted");
    Process process =
        KillableProcess.start(folder, "create", folder.toString(), key.toString(), step);
    List<String> begun = new ArrayList<>();
    try (BufferedReader output = outputOf(process)) {
      assertThat(nextDone(output, begun)).isNull();
    }
    assertThat(process.waitFor()).isOne();

    assertUsable(Path.of(begun.get(0)));
  }

  private void assertUsable(Path unfinished) {
    try (JdbcCredentialStore store = stores.describe(unfinished).openOrCreate()) {
      store.put(single("a"));
      assertThat(has(store, single("a"))).isTrue();
    }
    assertThat(stores.opened(stores.describe(unfinished).open()).size()).isOne();
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(stores.folder().resolve(name));
  }

  private static BufferedReader outputOf(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }
}
