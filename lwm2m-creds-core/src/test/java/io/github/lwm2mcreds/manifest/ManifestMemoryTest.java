// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.manifest;

import static io.github.lwm2mcreds.manifest.TestIdentity.FACTORY;
import static io.github.lwm2mcreds.manifest.TestIdentity.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.manifest.ManifestSummary.LotCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lot through sealing and opening in a process of its own, whose heap is too small for it. */
class ManifestMemoryTest {
  private static final long ROWS = Long.getLong("lwm2mcreds.manifestRows", 20_000);
  private static final int HEAP_MIB = 40;

  @TempDir Path folder;

  @Test
  void lot_ofAnySize_needsAHeapOfOneSize() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                java,
                "-Xmx" + HEAP_MIB + "m",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                Long.toString(ROWS),
                folder.resolve("lot.p7m").toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    assertThat(output).content().contains(ROWS + " rows, lot " + LotCheck.MATCHES);
  }

  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      long rows = Long.parseLong(arguments[0]);
      Path file = Path.of(arguments[1]);
      long start = System.nanoTime();
      seal(rows, file);
      long sealed = System.nanoTime();
      ManifestSummary summary = open(file);
      long opened = System.nanoTime();
      System.out.printf(
          "%d rows, lot %s; made and sealed at %d rows/s, opened at %d rows/s%n",
          summary.rows(),
          summary.lotCheck(),
          rows * 1_000_000_000 / (sealed - start),
          rows * 1_000_000_000 / (opened - sealed));
    }

    private static void seal(long rows, Path file) throws Exception {
      CredentialGenerator generator = CredentialGenerator.counting("sensor-%08x", 0);
      ManifestSealer sealer =
          ManifestSealer.builder(FACTORY.signer()).recipient(SERVER.certificate()).build();
      try (ManifestWriter writer =
          ManifestWriter.builder(ManifestFormat.CSV).lot("L-1").sealedBy(sealer).create(file)) {
        for (long i = 0; i < rows; i++) {
          ManifestRow row = ManifestRow.of(generator.next());
          writer.write(row);
          row.destroy();
        }
        writer.finish();
      }
    }

    private static ManifestSummary open(Path file) throws Exception {
      try (ManifestReader reader =
          ManifestReader.of(SERVER.opener(FACTORY).open(file), KeyPolicy.strict())) {
        Optional<ManifestEntry> next = reader.next();
        while (next.isPresent()) {
          ((ManifestRow) next.get()).destroy();
          next = reader.next();
        }
        return reader.summary();
      }
    }
  }
}
