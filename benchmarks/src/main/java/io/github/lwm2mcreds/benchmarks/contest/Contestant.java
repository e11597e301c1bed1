// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import java.util.List;

/**
 * A server in a {@link Comparison}, and how devices reach it.
 *
 * @param name what it is called in tables and charts
 * @param server the server
 * @param mode how devices make their handshakes
 * @param concurrency how many devices make handshakes at a time
 * @param jvmOptions options for a server in Java, besides those that all have
 */
public record Contestant(
    String name,
    ServerSpec server,
    DeviceClient.Mode mode,
    int concurrency,
    List<String> jvmOptions) {
  private static final int CONCURRENCY = 4;

  public Contestant(String name, ServerSpec server) {
    this(name, server, DeviceClient.Mode.FULL, CONCURRENCY, List.of());
  }

  Contestant withMode(DeviceClient.Mode other) {
    return new Contestant(name, server, other, concurrency, jvmOptions);
  }

  Contestant withConcurrency(int other) {
    return new Contestant(name, server, mode, other, jvmOptions);
  }

  Contestant withServer(ServerSpec other) {
    return new Contestant(name, other, mode, concurrency, jvmOptions);
  }

  public Contestant withJvmOptions(String newName, String... options) {
    return new Contestant(newName, server, mode, concurrency, List.of(options));
  }
}
