// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.jmh;

import io.github.lwm2mcreds.benchmarks.fleet.Folder;
import io.github.lwm2mcreds.store.mirror.MirroredCredentialStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long a restarted server takes until it knows its fleet, in a cold JVM. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(5)
public class StoreOpenBenchmark {
  /** A fleet on disk, in SQLite. */
  @State(Scope.Thread)
  public static class Sqlite {
    @Param({"10000", "100000", "1000000"})
    private int devices;

    private Folder folder;
    private MirroredCredentialStore opened;

    @Setup
    public void fill() throws IOException {
      folder = Folder.ofFleet(devices);
    }

    @TearDown
    public void close() throws IOException {
      opened.close();
      folder.close();
    }
  }

  /** A fleet on disk, in Leshan's file. */
  @State(Scope.Thread)
  public static class LeshanFile {
    @Param({"10000", "100000", "1000000"})
    private int devices;

    private Folder folder;
    private Path file;

    @Setup
    public void fill() throws IOException {
      folder = new Folder();
      file = folder.leshanFile(devices);
    }

    @TearDown
    public void close() throws IOException {
      folder.close();
    }
  }

  @Benchmark
  public long mirror(Sqlite disk) {
    disk.opened = MirroredCredentialStore.of(disk.folder.openSqlite());
    return disk.opened.size();
  }

  @Benchmark
  public int leshanFile(LeshanFile disk) {
    return new FileSecurityStore(disk.file.toString()).getAll().size();
  }
}
