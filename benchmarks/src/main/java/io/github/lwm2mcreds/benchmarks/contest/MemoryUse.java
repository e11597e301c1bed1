// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.contest;

import io.github.lwm2mcreds.benchmarks.fleet.FilledStore;
import io.github.lwm2mcreds.benchmarks.fleet.Folder;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.leshan.servers.security.NonUniqueSecurityInfoException;

/**
 * How much heap a device takes in each store: the heap in use after a full collection with the
 * store, minus that without it.
 */
public final class MemoryUse {
  private static final List<FilledStore.Kind> KINDS =
      List.of(
          FilledStore.Kind.IN_MEMORY,
          FilledStore.Kind.MIRROR,
          FilledStore.Kind.DERIVED,
          FilledStore.Kind.LESHAN,
          FilledStore.Kind.SCANDIUM_MULTI);

  private MemoryUse() {}

  /**
   * Measures and prints.
   *
   * @return by store and size of the fleet: bytes a device
   */
  public static Map<String, Map<Integer, Double>> measure(List<Integer> sizes)
      throws IOException, InterruptedException {
    Map<String, Map<Integer, Double>> bytes = new TreeMap<>();
    for (FilledStore.Kind kind : KINDS) {
      filled(kind, 1).close(); // loads classes, which do not count
      for (int size : sizes) {
        long before = UsageMeter.heapInUse();
        try (FilledStore store = filled(kind, size)) {
          double perDevice = (double) (UsageMeter.heapInUse() - before) / size;
          bytes.computeIfAbsent(kind.name(), name -> new TreeMap<>()).put(size, perDevice);
          System.out.printf(
              Locale.ROOT, "%-15s %9d devices %7.1f bytes a device%n", kind, size, perDevice);
          Reference.reachabilityFence(store);
        }
      }
    }
    return bytes;
  }

  private static FilledStore filled(FilledStore.Kind kind, int devices) throws IOException {
    try {
      return new FilledStore(kind, devices);
    } catch (NonUniqueSecurityInfoException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Measures what else 10⁸ devices take.
   *
   * @return bytes by name: of a connection in a server's heap, and of a device in a database file
   */
  public static Map<String, Double> unitSizes() throws IOException, InterruptedException {
    Map<String, Double> sizes = new TreeMap<>();
    sizes.put("connection", connection());
    int devices = 1_000_000;
    try (Folder folder = Folder.ofFleet(devices)) {
      sizes.put("sqliteFile", (double) Files.size(folder.sqliteFile()) / devices);
    }
    System.out.println(sizes);
    return sizes;
  }

  /** Returns the bytes of a connection; every handshake leaves one, as their ids differ. */
  private static double connection() throws IOException, InterruptedException {
    ServerSpec spec = ServerSpec.of(ServerSpec.Peer.LWM2M_CREDS, FilledStore.Kind.IN_MEMORY, 1000);
    try (ServerProcess server = ServerProcess.start(spec);
        Load load = new Load(spec, server.port(), DeviceClient.Mode.FULL_CONNECTION_ID, 4)) {
      load.run(2000);
      long before = server.heapInUse();
      long connections = load.run(8000);
      return (double) (server.heapInUse() - before) / connections;
    }
  }
}
