package io.github.lwm2mcreds.benchmarks;

import io.github.lwm2mcreds.store.JdbcCredentialStore;
import io.github.lwm2mcreds.store.MirroredCredentialStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long a restarted server takes until it knows its fleet, in a JVM that is cold. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(5)
public class StoreOpenBenchmark {
  /** A fleet on disk, in SQLite and in Leshan's file. */
  @State(Scope.Thread)
  public static class Disk {
    @Param({"10000", "100000", "1000000"})
    private int devices;

    private Folder folder;
    private Path leshan;
    private MirroredCredentialStore opened;

    @Setup(Level.Trial)
    public void fill() throws IOException {
      folder = new Folder();
      folder.sqlite(devices).close();
      leshan = folder.leshanFile(devices);
    }

    @TearDown(Level.Invocation)
    public void closeStore() {
      if (opened != null) {
        opened.close();
        opened = null;
      }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      folder.close();
    }
  }

  @Benchmark
  public long mirror(Disk disk) {
    disk.opened =
        MirroredCredentialStore.of(JdbcCredentialStore.sqlite(disk.folder.sqliteFile()).open());
    return disk.opened.size();
  }

  @Benchmark
  public int leshanFile(Disk disk) {
    return new FileSecurityStore(disk.leshan.toString()).getAll().size();
  }
}
