// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.jmh;

import io.github.lwm2mcreds.CredentialGenerator;
import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.partition.CredentialPartition;
import io.github.lwm2mcreds.partition.FirmwareView;
import io.github.lwm2mcreds.partition.PartitionFormatException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time to turn a credential into the 66 bytes of its partition, and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PartitionCodecBenchmark {
  private DeviceCredential credential;
  private byte[] bytes;

  @Setup
  public void makeCredential() {
    credential = CredentialGenerator.counting("sensor-%08x", 0).next();
    bytes = CredentialPartition.encode(credential);
  }

  @Benchmark
  public byte[] encode() {
    return CredentialPartition.encode(credential);
  }

  @Benchmark
  public DeviceCredential decode() throws PartitionFormatException {
    return CredentialPartition.decode(bytes);
  }

  @Benchmark
  public FirmwareView firmwareView() {
    return FirmwareView.of(bytes);
  }

  @Benchmark
  public String checkValue() {
    return credential.psk().checkValue().toString();
  }
}
