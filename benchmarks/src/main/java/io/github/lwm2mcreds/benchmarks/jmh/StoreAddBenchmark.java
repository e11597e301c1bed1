// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.jmh;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.benchmarks.fleet.Folder;
import io.github.lwm2mcreds.store.jdbc.JdbcCredentialStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.leshan.servers.security.FileSecurityStore;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.servers.security.SecurityInfo;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time to add a device so that it is on disk, by the size of the fleet, and to add devices a
 * thousand at a time. Leshan's file store does not wait for the disk.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class StoreAddBenchmark {
  private static final int BATCH = 1000;

  /** A store in SQLite. */
  @State(Scope.Thread)
  public static class Sqlite {
    @Param({"1000", "10000", "1000000"})
    private int devices;

    private Folder folder;
    private JdbcCredentialStore store;
    private CredentialGenerator generator;
    private DeviceCredential added;

    @Setup
    public void fill() throws IOException {
      folder = new Folder();
      store = folder.sqlite(devices);
      generator = CredentialGenerator.of("urn:uuid:");
    }

    /** Keeps the fleet at its size. */
    @TearDown(Level.Invocation)
    public void remove() {
      store.remove(added.endpoint());
    }

    @TearDown
    public void close() throws IOException {
      store.close();
      folder.close();
    }
  }

  /** A large store in SQLite, which grows. */
  @State(Scope.Thread)
  public static class LargeSqlite {
    @Param("1000000")
    private int devices;

    private Folder folder;
    private JdbcCredentialStore store;
    private CredentialGenerator generator;

    @Setup
    public void fill() throws IOException {
      folder = new Folder();
      store = folder.sqlite(devices);
      generator = CredentialGenerator.of("urn:uuid:");
    }

    @TearDown
    public void close() throws IOException {
      store.close();
      folder.close();
    }
  }

  /** Leshan's file store. */
  @State(Scope.Thread)
  public static class LeshanFile {
    @Param({"1000", "10000"})
    private int devices;

    private Folder folder;
    private FileSecurityStore store;
    private CredentialGenerator generator;
    private DeviceCredential added;

    @Setup
    public void fill() throws IOException {
      folder = new Folder();
      store = new FileSecurityStore(folder.leshanFile(devices).toString());
      generator = CredentialGenerator.of("urn:uuid:");
    }

    @TearDown(Level.Invocation)
    public void remove() {
      store.remove(added.endpoint(), false);
    }

    @TearDown
    public void close() throws IOException {
      folder.close();
    }
  }

  @Benchmark
  public Object sqlite(Sqlite state) {
    state.added = state.generator.next();
    return state.store.put(state.added);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int sqliteImport(LargeSqlite state) {
    List<DeviceCredential> batch = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      batch.add(state.generator.next());
    }
    return state.store.putAll(batch);
  }

  @Benchmark
  public Object leshanFile(LeshanFile state) throws NonUniqueSecurityInfoException {
    DeviceCredential credential = state.generator.next();
    state.added = credential;
    PreSharedKey psk = credential.psk();
    byte[] key = psk.exposeBytes();
    try {
      return state.store.add(
          SecurityInfo.newPreSharedKeyInfo(
              credential.endpoint(), credential.endpoint(), Arrays.copyOf(key, key.length)));
    } finally {
      credential.destroy();
    }
  }
}
