// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import com.sun.management.OperatingSystemMXBean;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.benchmarks.fleet.Folder;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcStoreBuilder;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * How long it takes to import a fleet into an empty database, and until a mirror in the same
 * process has followed. The CPU time is that of this process, without PostgreSQL's server.
 */
public final class ImportSpeed {
  /** Where the names of devices come in an index. */
  private enum Names {
    COUNTING {
      @Override
      String of(int device) {
        return "urn:imei:" + (860_000_000_000_000L + device);
      }
    },
    RANDOM {
      @Override
      String of(int device) {
        SplittableRandom random = new SplittableRandom(device);
        return "urn:uuid:" + new UUID(random.nextLong(), random.nextLong());
      }
    };

    abstract String of(int device);
  }

  /** What is measured. */
  private record Variant(Names names, boolean mirrored) {}

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant(Names.COUNTING, false),
          new Variant(Names.COUNTING, true),
          new Variant(Names.RANDOM, false));

  private ImportSpeed() {}

  /** Measures and prints, by the databases in turn; the first round is that of a cold JVM. */
  public static void measure(int devices, int rounds) throws IOException, InterruptedException {
    for (int round = 1; round <= rounds; round++) {
      for (Variant variant : VARIANTS) {
        try (Folder folder = new Folder()) {
          measure("SQLite", JdbcCredentialStore.sqlite(folder.sqliteFile()), variant, devices);
        }
        if (PostgresSchema.isConfigured()) {
          try (Folder folder = new Folder();
              PostgresSchema schema = new PostgresSchema()) {
            JdbcStoreBuilder store = schema.store(folder.sqliteFile().resolveSibling("store.key"));
            measure("PostgreSQL", store, variant, devices);
          }
        }
      }
    }
  }

  private static void measure(
      String database, JdbcStoreBuilder description, Variant variant, int devices)
      throws InterruptedException {
    try (JdbcCredentialStore store = description.create();
        MirroredCredentialStore mirror =
            variant.mirrored ? MirroredCredentialStore.of(description.open()) : null) {
      long cpuBefore = cpuNanos();
      long start = System.nanoTime();
      store.importAll(fleet(variant.names, devices), ImportOptions.adding());
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpuSeconds = (cpuNanos() - cpuBefore) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-10s %-8s names %9d devices %9.0f a second, %6.2f s, %6.2f s of CPU%s%n",
          database,
          variant.names,
          devices,
          devices / seconds,
          seconds,
          cpuSeconds,
          mirror == null
              ? ""
              : ", mirrored after %.2f s".formatted(followed(mirror, devices, start)));
      store.check(
          finding -> {
            throw new IllegalStateException(finding.toString());
          },
          done -> {});
    }
  }

  private static Iterator<DeviceCredential> fleet(Names names, int devices) {
    SplittableRandom random = new SplittableRandom();
    return IntStream.range(0, devices)
        .mapToObj(
            device -> {
              byte[] key = new byte[16];
              random.nextBytes(key);
              return DeviceCredential.of(names.of(device), PreSharedKey.copyOf(key));
            })
        .iterator();
  }

  private static double followed(MirroredCredentialStore mirror, int devices, long start)
      throws InterruptedException {
    while (mirror.size() < devices) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Returns the CPU time that this process has used. */
  static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }
}
