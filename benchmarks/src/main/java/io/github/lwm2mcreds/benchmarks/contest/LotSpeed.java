// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.benchmarks.fleet.Folder;
import io.github.lwm2mcreds.factory.FactoryRun;
import io.github.lwm2mcreds.factory.Fleet;
import io.github.lwm2mcreds.factory.ImageComparison;
import io.github.lwm2mcreds.factory.ImageOutcome;
import io.github.lwm2mcreds.manifest.Lot;
import io.github.lwm2mcreds.manifest.ManifestEntry;
import io.github.lwm2mcreds.manifest.ManifestFormat;
import io.github.lwm2mcreds.manifest.ManifestReader;
import io.github.lwm2mcreds.manifest.ManifestRow;
import io.github.lwm2mcreds.manifest.ManifestSummary;
import io.github.lwm2mcreds.manifest.ManifestWriter;
import io.github.lwm2mcreds.partition.Board;
import io.github.lwm2mcreds.partition.FlashImage;
import io.github.lwm2mcreds.store.ImportOptions;
import io.github.lwm2mcreds.store.ImportOutcome;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import io.github.lwm2mcreds.store.jdbc.JdbcStoreBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * How long each step takes that a lot goes through: its images and manifest are made, the manifest
 * is sealed and opened, its devices are imported, and the images are compared with the store. The
 * CPU time is that of this process, without PostgreSQL's server.
 */
public final class LotSpeed {
  private final int devices;
  private final LotIdentities identities;
  private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

  private LotSpeed(int devices) throws IOException {
    this.devices = devices;
    this.identities = LotIdentities.make();
  }

  /**
   * What a step took.
   *
   * @param devices how many it took it for
   */
  public record Round(int devices, double seconds, double cpuSeconds) {}

  /** A step, which fails if it did not do what it should. */
  private interface Step {
    void run() throws IOException;
  }

  /**
   * Measures and prints; the first round is that of a cold JVM.
   *
   * @return the rounds of each step
   */
  public static Map<String, List<Round>> measure(int devices, int rounds) throws IOException {
    LotSpeed speed = new LotSpeed(devices);
    for (int round = 1; round <= rounds; round++) {
      try (Folder folder = new Folder()) {
        speed.measure(folder);
      }
    }
    return speed.rounds;
  }

  private void measure(Folder folder) throws IOException {
    Path images = folder.sqliteFile().resolveSibling("lot.zip");
    Path manifest = folder.sqliteFile().resolveSibling("lot.csv");
    Path sealed = folder.sqliteFile().resolveSibling("lot.p7m");
    measure("generate, Intel HEX in a zip file", () -> generate(images, manifest));
    measure("seal", () -> seal(manifest, sealed));
    measure("verify the signature, open and read", () -> open(sealed));
    JdbcStoreBuilder sqlite = JdbcCredentialStore.sqlite(folder.sqliteFile());
    measureImport("SQLite", sqlite, manifest);
    if (PostgresSchema.isConfigured()) {
      try (PostgresSchema schema = new PostgresSchema()) {
        Path key = folder.sqliteFile().resolveSibling("store.key");
        measureImport("PostgreSQL", schema.store(key), manifest);
      }
    }
    try (JdbcCredentialStore store = sqlite.open()) {
      measure("verify the images against SQLite", () -> verify(images, store));
    }
  }

  private void measureImport(String database, JdbcStoreBuilder builder, Path manifest)
      throws IOException {
    try (JdbcCredentialStore store = builder.create()) {
      measure("import into " + database, () -> importAll(manifest, store));
    }
  }

  private void measure(String name, Step step) throws IOException {
    long cpuBefore = ImportSpeed.cpuNanos();
    long start = System.nanoTime();
    step.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    Round round = new Round(devices, seconds, (ImportSpeed.cpuNanos() - cpuBefore) / 1e9);
    rounds.computeIfAbsent(name, key -> new ArrayList<>()).add(round);
    System.out.printf(
        Locale.ROOT,
        "%-36s %9d devices %9.0f a second, %6.2f s, %6.2f s of CPU%n",
        name,
        devices,
        devices / seconds,
        seconds,
        round.cpuSeconds);
  }

  private void generate(Path images, Path manifest) throws IOException {
    FactoryRun.builder()
        .devices("urn:imei:%015d", 860_000_000_000_000L, devices)
        .board(Board.named("nrf52_blenano2"))
        .images(images, FlashImage.Format.HEX)
        .manifest(manifest, ManifestFormat.CSV, "L-1")
        .build()
        .run();
  }

  private void seal(Path manifest, Path sealed) throws IOException {
    try (ManifestReader reader = ManifestReader.open(manifest, KeyPolicy.strict());
        ManifestWriter writer =
            ManifestWriter.builder(ManifestFormat.CSV)
                .columns("board")
                .lot("L-1")
                .sealedBy(identities.sealer())
                .create(sealed)) {
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        ManifestRow row = (ManifestRow) next.get();
        writer.write(row);
        row.destroy();
      }
      writer.finish();
      requireWhole(reader);
    }
  }

  private void open(Path sealed) throws IOException {
    try (ManifestReader reader =
        ManifestReader.of(identities.opener().open(sealed), KeyPolicy.strict())) {
      for (Optional<ManifestEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
        ((ManifestRow) next.get()).destroy();
      }
      requireWhole(reader);
    }
  }

  private void importAll(Path manifest, JdbcCredentialStore store) throws IOException {
    try (ManifestReader reader = ManifestReader.open(manifest, KeyPolicy.strict())) {
      long added =
          store.importAll(new Credentials(reader), ImportOptions.adding()).of(ImportOutcome.ADDED);
      requireWhole(reader);
      require(added == devices, "not all devices were added");
    }
  }

  private void verify(Path images, JdbcCredentialStore store) throws IOException {
    Map<ImageOutcome, Long> counts =
        ImageComparison.compare(images, Optional.empty(), Fleet.of(store), result -> {});
    require(counts.equals(Map.of(ImageOutcome.MATCH, (long) devices)), "not all images match");
  }

  private void requireWhole(ManifestReader reader) {
    ManifestSummary summary = reader.summary();
    require(summary.lotCheck() == ManifestSummary.LotCheck.MATCHES, "the lot is not whole");
    require(summary.stated().map(Lot::count).orElse(0L) == devices, "the lot has other devices");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalStateException(otherwise);
    }
  }

  /** The credentials of a manifest, one after the other. */
  private static final class Credentials implements Iterator<DeviceCredential> {
    private final ManifestReader reader;
    private Optional<ManifestEntry> next;

    Credentials(ManifestReader reader) {
      this.reader = reader;
      this.next = read();
    }

    private Optional<ManifestEntry> read() {
      try {
        return reader.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public DeviceCredential next() {
      ManifestRow row = (ManifestRow) next.orElseThrow(NoSuchElementException::new);
      next = read();
      return row.credential().orElseThrow();
    }
  }
}
