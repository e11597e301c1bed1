package io.github.lwm2mcreds.benchmarks;

import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import io.github.lwm2mcreds.store.MirroredCredentialStore;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.californium.scandium.dtls.pskstore.MultiPskStore;
import org.eclipse.leshan.servers.security.InMemorySecurityStore;

/**
 * How much heap a device takes in each store: what is in use after a full collection with the
 * store, less what is in use without. Run with {@code java -cp benchmarks.jar}, and a class name.
 */
public final class MemoryReport {
  private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

  private MemoryReport() {}

  private interface Filled {
    Object make(int devices) throws Exception;
  }

  /**
   * Prints bytes a device, for each store and size of the fleet.
   *
   * @param args sizes of fleets; 10⁴, 10⁵ and 10⁶ if there are none
   * @throws Exception if a store fails
   */
  public static void main(String[] args) throws Exception {
    Map<String, Filled> stores = new TreeMap<>();
    stores.put("InMemoryCredentialStore", MemoryReport::inMemory);
    stores.put("MirroredCredentialStore", MemoryReport::mirror);
    stores.put("Leshan InMemorySecurityStore", MemoryReport::leshan);
    stores.put("Scandium MultiPskStore", MemoryReport::multi);
    List<Integer> sizes =
        args.length == 0
            ? List.of(10_000, 100_000, 1_000_000)
            : List.of(args).stream().map(Integer::valueOf).toList();
    for (Map.Entry<String, Filled> store : stores.entrySet()) {
      store.getValue().make(1); // classes and such are not the fleet's
      for (int size : sizes) {
        long before = used();
        Object filled = store.getValue().make(size);
        long bytes = used() - before;
        if (filled instanceof AutoCloseable closeable) {
          closeable.close();
        }
        System.out.printf(
            Locale.ROOT,
            "%-30s %9d devices %7.1f bytes a device%n",
            store.getKey(),
            size,
            (double) bytes / size);
      }
    }
  }

  private static long used() throws InterruptedException {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(100);
      used = Math.min(used, MEMORY.getHeapMemoryUsage().getUsed());
    }
    return used;
  }

  private static Object inMemory(int devices) {
    InMemoryCredentialStore store = new InMemoryCredentialStore();
    new Fleet(devices).putInto(store);
    return store;
  }

  private static Object mirror(int devices) throws Exception {
    try (Folder folder = new Folder()) {
      return MirroredCredentialStore.of(folder.sqlite(devices));
    }
  }

  private static Object leshan(int devices) throws Exception {
    InMemorySecurityStore store = new InMemorySecurityStore();
    for (int device = 0; device < devices; device++) {
      store.add(Fleet.securityInfo(device));
    }
    return store;
  }

  private static Object multi(int devices) {
    MultiPskStore store = new MultiPskStore();
    for (int device = 0; device < devices; device++) {
      store.setKey(Fleet.endpoint(device), Fleet.key(device));
    }
    return store;
  }
}
