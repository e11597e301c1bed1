// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.jmh;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.benchmarks.fleet.Fleet;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.security.auth.DestroyFailedException;
import org.eclipse.californium.scandium.dtls.ConnectionId;
import org.eclipse.californium.scandium.dtls.PskPublicInformation;
import org.eclipse.californium.scandium.dtls.PskSecretResult;
import org.eclipse.californium.scandium.dtls.pskstore.PskStore;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;
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
 * The time that a PSK store adds to a handshake, from the identity's bytes on the wire to the key
 * that Scandium continues with. Devices come in random order, as after a power cut.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PskLookupBenchmark {
  @Param({
    "IN_MEMORY",
    "MIRROR",
    "DERIVED",
    "LESHAN",
    "SCANDIUM_MULTI",
    "SCANDIUM_SINGLE",
    "SQLITE"
  })
  private FilledStore.Kind store;

  @Param({"10000", "100000", "1000000"})
  private int devices;

  private Fleet fleet;
  private PskStore pskStore;
  private FilledStore filled;

  @Setup
  public void fill() throws IOException, NonUniqueSecurityInfoException {
    fleet = new Fleet(store == FilledStore.Kind.SCANDIUM_SINGLE ? 1 : devices);
    filled = new FilledStore(store, devices);
    pskStore = filled.pskStore();
  }

  @TearDown
  public void close() throws IOException {
    filled.close();
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
