// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A process of its own that works on stores until it is killed. It says what it is about to do on a
 * line that begins with {@code >}, and the same with {@code <} when that is done.
 */
final class KillableProcess {
  private static final Instant FAR_OFF = Instant.parse("2999-01-01T00:00:00Z");

  private KillableProcess() {}

  static Process start(Path folder, String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + folder, // SQLite's library is left behind there
            "-cp",
            System.getProperty("java.class.path"),
            KillableProcess.class.getName());
    if (Runtime.version().feature() >= 24) { // these warn of SQLite's library, on the same output
      builder.command().add(1, "--enable-native-access=ALL-UNNAMED");
    }
    builder.command().addAll(List.of(arguments));
    builder.redirectErrorStream(true);
    Process process = builder.start();
    // One that makes no progress is killed as well: at any time, as far as its tests can tell.
    CompletableFuture.delayedExecutor(60, TimeUnit.SECONDS)
        .execute(() -> process.toHandle().destroyForcibly());
    return process;
  }

  /** The next thing that is done; what is begun before is added to a list. */
  static String nextDone(BufferedReader output, List<String> begun) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("> ")) {
        begun.add(line.substring(2));
      } else if (line.startsWith("< ")) {
        return line.substring(2);
      } else {
        throw new AssertionError("the process fails: " + line + output.lines().toList());
      }
    }
    return null;
  }

  /**
   * What the process does: {@code write file key run seed}, {@code import file key size}, or {@code
   * create folder key halt}.
   */
  public static void main(String[] arguments) {
    Path path = Path.of(arguments[1]);
    Path key = Path.of(arguments[2]);
    if (arguments[0].equals("write")) {
      write(path, key, arguments[3], new Random(Long.parseLong(arguments[4])));
    } else if (arguments[0].equals("import")) {
      importAll(path, key, Integer.parseInt(arguments[3]));
    } else {
      create(path, key, arguments[3]);
    }
  }

  private static void write(Path file, Path key, String run, Random random) {
    KeyWrapper wrapper = KeyWrappers.keyFile(key);
    try (JdbcCredentialStore store = JdbcCredentialStore.sqlite(file).keyWrapper(wrapper).open()) {
      for (int n = 0; ; n++) {
        String name = run + "-" + n;
        if (random.nextInt(4) == 0) {
          int size = 1 + random.nextInt(60);
          step("batch " + name + " " + size, () -> store.putAll(batch(name, size)));
        } else {
          step("put " + name, () -> store.put(single(name)));
        }
        if (random.nextInt(4) == 0) {
          step("put " + name + "!", () -> store.put(single(name + "!")));
          step("rotate " + name + "!", () -> store.rotate(next(name + "!"), FAR_OFF));
          if (random.nextBoolean()) {
            PskIdentity identity = next(name + "!").pskIdentity();
            step("confirm " + name + "!", () -> store.confirm(identity));
          }
        }
        if (random.nextInt(8) == 0) {
          step("put " + name + "?", () -> store.put(single(name + "?")));
          step("revoke " + name + "?", () -> store.revoke(name + "?", "of a test"));
        }
        if (random.nextInt(15) == 0) {
          step("reseal", () -> store.reseal(done -> {}));
        }
      }
    }
  }

  /** Says after each batch how many are done. */
  private static void importAll(Path file, Path key, int size) {
    KeyWrapper wrapper = KeyWrappers.keyFile(key);
    try (JdbcCredentialStore store = JdbcCredentialStore.sqlite(file).keyWrapper(wrapper).open()) {
      System.out.println("> import");
      store.importAll(
          batch("import", size).iterator(),
          ImportOptions.adding().onProgress(counts -> System.out.println("< " + counts.rows())));
    }
  }

  static DeviceCredential single(String name) {
    return credential(name, name.hashCode());
  }

  static DeviceCredential next(String name) {
    return credential(name, "next-" + name, ~name.hashCode());
  }

  static List<DeviceCredential> batch(String name, int size) {
    return IntStream.range(0, size).mapToObj(n -> single(name + "-" + n)).toList();
  }

  private static void step(String what, Runnable action) {
    System.out.println("> " + what);
    action.run();
    System.out.println("< " + what);
  }

  private static void create(Path folder, Path key, String halt) {
    for (int n = 0; ; n++) {
      Path file = folder.resolve(n + ".db");
      step(
          file.toString(),
          () ->
              JdbcCredentialStore.sqlite(file)
                  .keyWrapper(new HaltingWrapper(KeyWrappers.keyFile(key), halt))
                  .clock(new HaltingClock(halt))
                  .create()
                  .close());
    }
  }

  /** Asked when a store's tables are made, and nothing is committed. */
  private static final class HaltingClock extends Clock {
    private final String halt;

    HaltingClock(String halt) {
      this.halt = halt;
    }

    @Override
    public Instant instant() {
      if (halt.equals("tables")) {
        Runtime.getRuntime().halt(1);
      }
      return Instant.EPOCH;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private record HaltingWrapper(KeyWrapper wrapper, String halt) implements KeyWrapper {
    @Override
    public byte[] wrap(byte[] key) {
      byte[] wrapped = wrapper.wrap(key);
      if (halt.equals("key")) {
        Runtime.getRuntime().halt(1);
      }
      return wrapped;
    }

    @Override
    public byte[] unwrap(byte[] wrapped) {
      if (halt.equals("committed")) {
        Runtime.getRuntime().halt(1);
      }
      return wrapper.unwrap(wrapped);
    }
  }
}
