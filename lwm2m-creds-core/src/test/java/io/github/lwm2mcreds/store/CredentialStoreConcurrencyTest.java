// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store;

import static io.github.lwm2mcreds.store.TestCredentials.summary;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.KeyPolicy;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What readers see in every {@link CredentialStore} while it is written: a device that is always
 * there is always found, a key is whole and its device's, and no older than one found before by the
 * same name.
 *
 * <p>Names and keys are long, so that a store that keeps records for some time after they were
 * replaced has to clear them away now and then.
 */
@ParameterizedClass
@EnumSource(Stores.class)
class CredentialStoreConcurrencyTest {
  private static final int DEVICES = 64;
  private static final int MAX_PASSERS_BY = 3_000;
  private static final int IDENTITIES = 3;
  private static final int READERS = 3;
  private static final int KEY_LENGTH = PreSharedKey.MAX_LENGTH;

  /** What happens to a device; by its number, each to a quarter of them. */
  private enum Fate {
    KEY_CHANGES,
    KEY_CHANGES_WITH_IDENTITY_OF_ITS_OWN,
    IDENTITY_CHANGES,
    COMES_AND_GOES;

    static Fate of(int device) {
      return values()[device % values().length];
    }
  }

  private final ExecutorService threads = Executors.newFixedThreadPool(READERS);
  private final Stores kind;
  private final Stores.Factory stores;
  private CredentialStore store;
  private volatile boolean done;

  /** The hashes of all that the store may list. */
  private final Set<Integer> written = ConcurrentHashMap.newKeySet();

  CredentialStoreConcurrencyTest(Stores kind) {
    this.kind = kind;
    this.stores = new Stores.Factory(kind);
  }

  @BeforeEach
  void makeStore() {
    store = stores.newStore(KeyPolicy.strict());
  }

  @AfterEach
  void stopThreads() {
    done = true;
    threads.shutdownNow();
    stores.close();
  }

  @Test
  void find_whileAnotherThreadWrites_findsWholeKeysOfTheRightDevice()
      throws InterruptedException, ExecutionException, TimeoutException {
    for (int device = 0; device < DEVICES; device++) {
      put(device, 0, 0);
    }
    CountDownLatch reading = new CountDownLatch(READERS);
    List<Future<Void>> readers = new ArrayList<>();
    for (int seed = 0; seed < READERS; seed++) {
      readers.add(threads.submit(new Reader(seed, reading)));
    }
    assertThat(reading.await(1, MINUTES)).isTrue();
    try {
      write();
    } finally {
      done = true;
    }
    for (Future<Void> reader : readers) {
      reader.get(1, MINUTES);
    }
  }

  private void write() {
    Random random = new Random(0);
    int firstPasserBy = DEVICES;
    int nextPasserBy = DEVICES;
    for (int version = 1; version <= kind.writes() && !done; version++) {
      if (random.nextInt(10) == 0) {
        put(nextPasserBy++, version, 0);
      }
      if (nextPasserBy - firstPasserBy == MAX_PASSERS_BY) {
        for (; firstPasserBy < nextPasserBy; firstPasserBy++) {
          store.remove(endpoint(firstPasserBy));
        }
      }
      int device = random.nextInt(DEVICES);
      if (Fate.of(device) == Fate.COMES_AND_GOES && random.nextInt(3) == 0) {
        store.remove(endpoint(device));
      } else {
        put(device, version, random.nextInt(IDENTITIES));
      }
    }
  }

  private void put(int device, long version, int identity) {
    DeviceCredential credential = credential(device, version, identity);
    written.add(summary(credential).hashCode());
    store.put(credential);
  }

  private static DeviceCredential credential(int device, long version, int identity) {
    return DeviceCredential.of(
        endpoint(device),
        identity(device, identity),
        PreSharedKey.copyOf(TestCredentials.keyBytes(device, version, KEY_LENGTH)));
  }

  private static String endpoint(int device) {
    return "device-" + device + ";" + "e".repeat(device % 2 == 0 ? 110 : 220);
  }

  /** One of a device's three identities, if it may have others than one; they differ at the end. */
  private static PskIdentity identity(int device, int number) {
    return switch (Fate.of(device)) {
      case KEY_CHANGES -> PskIdentity.of(device % 2 == 0 ? endpoint(device) : "identity-" + device);
      case KEY_CHANGES_WITH_IDENTITY_OF_ITS_OWN -> PskIdentity.of("identity-" + device);
      case IDENTITY_CHANGES, COMES_AND_GOES ->
          PskIdentity.of(
              number == 0 && device % 2 == 0
                  ? endpoint(device)
                  : "i".repeat(100) + "-" + device + "-" + number);
    };
  }

  private static List<PskIdentity> identities(int device) {
    return IntStream.range(0, IDENTITIES).mapToObj(number -> identity(device, number)).toList();
  }

  private static int deviceOf(String endpoint) {
    return Integer.parseInt(endpoint.substring("device-".length(), endpoint.indexOf(';')));
  }

  private final class Reader implements Callable<Void> {
    private final long[] newestByEndpoint = new long[DEVICES];
    private final long[] newestByIdentity = new long[DEVICES * IDENTITIES];
    private final Random random;
    private final CountDownLatch reading;

    Reader(int seed, CountDownLatch reading) {
      this.random = new Random(seed);
      this.reading = reading;
    }

    @Override
    public Void call() {
      try {
        for (int round = 0; !done; round++) {
          int device = random.nextInt(DEVICES);
          int number = random.nextInt(IDENTITIES);
          findByEndpoint(device);
          findPsk(device, number);
          findByIdentity(device, number);
          if (round % 1_000 == 0) {
            streamAll();
          }
          if (round == 0) {
            reading.countDown();
          }
        }
      } finally {
        done = true; // one that failed ends it all
        reading.countDown();
      }
      return null;
    }

    private void findByEndpoint(int device) {
      Optional<DeviceCredential> found = store.findByEndpoint(endpoint(device));
      if (found.isPresent()) {
        check(deviceOf(found.get().endpoint()) == device, device, "found under another's endpoint");
        checkKey(device, found.get().psk(), newestByEndpoint, device);
      } else {
        check(Fate.of(device) == Fate.COMES_AND_GOES, device, "not found by its endpoint");
      }
    }

    private void findPsk(int device, int number) {
      Optional<PreSharedKey> found = store.findPsk(identity(device, number));
      if (found.isPresent()) {
        checkKey(device, found.get(), newestByIdentity, device * IDENTITIES + number);
      } else {
        checkMayLackIdentity(device);
      }
    }

    private void findByIdentity(int device, int number) {
      PskIdentity identity = identity(device, number);
      Optional<DeviceCredential> found = store.findByPskIdentity(identity);
      if (found.isPresent()) {
        check(deviceOf(found.get().endpoint()) == device, device, "another's by its identity");
        check(found.get().pskIdentity().equals(identity), device, "found with another identity");
        checkKey(device, found.get().psk(), newestByIdentity, device * IDENTITIES + number);
      } else {
        checkMayLackIdentity(device);
      }
    }

    private void checkMayLackIdentity(int device) {
      Fate fate = Fate.of(device);
      check(
          fate == Fate.IDENTITY_CHANGES || fate == Fate.COMES_AND_GOES,
          device,
          "not found by its identity");
    }

    private void streamAll() {
      BitSet seen = new BitSet();
      try (Stream<CredentialSummary> all = store.stream()) {
        all.forEach(
            credential -> {
              int device = deviceOf(credential.endpoint());
              check(device >= DEVICES || !seen.get(device), device, "listed twice");
              seen.set(device);
              check(
                  identities(device).contains(credential.pskIdentity()),
                  device,
                  "listed with another's identity");
              check(
                  written.contains(credential.hashCode()),
                  device,
                  "listed with a broken key or another's");
            });
      }
      for (int device = 0; device < DEVICES; device++) {
        check(
            seen.get(device) || Fate.of(device) == Fate.COMES_AND_GOES,
            device,
            "missing from the stream");
      }
    }

    private void checkKey(int device, PreSharedKey psk, long[] newest, int name) {
      byte[] key = psk.exposeBytes();
      check(
          key.length == KEY_LENGTH && TestCredentials.isKeyOf(device, key),
          device,
          "found with a broken key or another's");
      long version = ByteBuffer.wrap(key).getLong();
      check(version >= newest[name], device, "found with a key older than before");
      newest[name] = version;
    }

    private static void check(boolean condition, int device, String failure) {
      if (!condition) {
        throw new AssertionError(
            "device " + device + ", whose fate is " + Fate.of(device) + ": " + failure);
      }
    }
  }
}
