package io.github.lwm2mcreds.benchmarks;

import io.github.lwm2mcreds.scandium.ScandiumPskStore;
import io.github.lwm2mcreds.store.CredentialStore;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.JdbcCredentialStore;
import io.github.lwm2mcreds.store.MirroredCredentialStore;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.security.auth.DestroyFailedException;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.MultiPskStore;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
import org.eclipse.leshan.transport.californium.server.LwM2mPskStore;
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

/**
 * What a PSK store costs a handshake: from the identity's bytes, as they come from the wire, to the
 * key that Scandium goes on with. Devices come in random order, as after a power cut.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PskLookupBenchmark {
  /** Which store. */
  public enum Store {
    /** {@link InMemoryCredentialStore}. */
    IN_MEMORY,
    /** {@link MirroredCredentialStore}: opens a sealed key each time. */
    MIRROR,
    /** {@link JdbcCredentialStore} in SQLite, without a mirror. */
    SQLITE,
    /** Leshan's in-memory store behind its PSK store; its file store looks up the same way. */
    LESHAN,
    /** Scandium's own. */
    SCANDIUM_MULTI
  }

  @Param({"IN_MEMORY", "MIRROR", "LESHAN", "SCANDIUM_MULTI", "SQLITE"})
  private Store store;

  @Param({"10000", "100000", "1000000"})
  private int devices;

  private Fleet fleet;
  private PskStore pskStore;
  private AutoCloseable toClose = () -> {};
  private Folder folder;

  @Setup
  public void fill() throws IOException, NonUniqueSecurityInfoException {
    fleet = new Fleet(devices);
    pskStore =
        switch (store) {
          case IN_MEMORY -> new ScandiumPskStore(inMemory());
          case MIRROR -> new ScandiumPskStore(mirror());
          case SQLITE -> new ScandiumPskStore(sqlite());
          case LESHAN -> leshan();
          case SCANDIUM_MULTI -> multi();
        };
  }

  private CredentialStore inMemory() {
    CredentialStore inMemory = new InMemoryCredentialStore();
    fleet.putInto(inMemory);
    return inMemory;
  }

  private JdbcCredentialStore sqlite() throws IOException {
    folder = new Folder();
    JdbcCredentialStore sqlite = folder.sqlite(devices);
    toClose = sqlite;
    return sqlite;
  }

  private CredentialStore mirror() throws IOException {
    MirroredCredentialStore mirror = MirroredCredentialStore.of(sqlite());
    toClose = mirror;
    return mirror;
  }

  private PskStore leshan() throws NonUniqueSecurityInfoException {
    InMemorySecurityStore infos = new InMemorySecurityStore();
    for (int device = 0; device < devices; device++) {
      infos.add(Fleet.securityInfo(device));
    }
    return new LwM2mPskStore(infos);
  }

  private PskStore multi() {
    MultiPskStore keys = new MultiPskStore();
    for (int device = 0; device < devices; device++) {
      keys.setKey(Fleet.endpoint(device), Fleet.key(device));
    }
    return keys;
  }

  @TearDown
  public void close() throws Exception {
    toClose.close();
    if (folder != null) {
      folder.close();
    }
  }

  @Benchmark
  public boolean lookup() throws DestroyFailedException {
    PskPublicInformation identity =
        PskPublicInformation.fromByteArray(Fleet.identity(fleet.next()));
    PskSecretResult result =
        pskStore.requestPskSecretResult(
            ConnectionId.EMPTY, null, identity, "HmacSHA256", null, new byte[0], false);
    boolean found = result.getSecret() != null;
    result.destroy();
    return found;
  }
}
