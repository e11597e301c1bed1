// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static io.github.lwm2mcreds.store.TestCredentials.keyBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.PreSharedKey;
import io.github.lwm2mcreds.PskIdentity;
import io.github.lwm2mcreds.store.InMemoryCredentialStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class CompactTableTest {
  private static final int DEVICES = 300;

  private final CompactTable table = new CompactTable();
  private final Map<String, String> identities = new HashMap<>();
  private final Map<String, byte[]> keys = new HashMap<>();

  @Test
  void table_manyRotations_isCompactedAndKeepsEverything() {
    Random random = new Random(2);
    int compactions = 0;
    Object records = records();
    for (int n = 0; n < 40_000; n++) {
      change(random, n);
      if (records() != records) {
        records = records();
        compactions++;
        assertLikeModel();
      }
    }

    assertThat(compactions).isGreaterThan(4);
    assertLikeModel();
    assertThat(HeapWalk.from(table).size()).isLessThan(6 << 20);
  }

  private void change(Random random, int n) {
    String endpoint = name('e', random.nextInt(DEVICES), 128);
    if (random.nextInt(10) == 0) {
      table.remove(endpoint);
      identities.remove(endpoint);
      keys.remove(endpoint);
    } else {
      String identity =
          random.nextInt(3) > 0 ? endpoint : name((char) ('i' + random.nextInt(3)), n, 128);
      put(endpoint, identities.containsValue(identity) ? endpoint : identity, n);
    }
  }

  private static String name(char c, int number, int length) {
    return String.format("%08x", number) + String.valueOf(c).repeat(length - 8);
  }

  private void put(String endpoint, String identity, int n) {
    byte[] key = keyBytes(0, n, n % 57 + 8);
    table.put(endpoint, PskIdentity.of(identity), key);
    identities.put(endpoint, identity);
    keys.put(endpoint, key);
  }

  private void assertLikeModel() {
    assertThat(table.size()).isEqualTo(keys.size());
    Map<String, byte[]> streamed = new HashMap<>();
    table.stream(Record::new)
        .forEach(
            found -> {
              assertThat(streamed.put(found.endpoint, found.value)).isNull();
              assertThat(found.identity.asString()).isEqualTo(identities.get(found.endpoint));
            });
    assertThat(streamed).containsOnlyKeys(keys.keySet());
    assertThat(table.inOrder((endpoint, identity, value) -> endpoint))
        .containsExactlyElementsOf(new TreeSet<>(keys.keySet()));
    keys.forEach(
        (endpoint, key) -> {
          PskIdentity identity = PskIdentity.of(identities.get(endpoint));
          assertThat(streamed.get(endpoint)).isEqualTo(key);
          assertThat(table.findByEndpoint(endpoint, Record::new).value).isEqualTo(key);
          assertThat(table.valueOf(identity)).isEqualTo(key);
          assertThat(table.findByIdentity(identity, Record::new).endpoint).isEqualTo(endpoint);
          assertThat(table.endpointOf(identity)).isEqualTo(endpoint);
          assertThat(table.identityOf(endpoint)).isEqualTo(identity);
        });
  }

  private record Record(String endpoint, PskIdentity identity, byte[] value) {}

  @Test
  void put_rotation_leavesNoOldKey() {
    put("endpoint", "endpoint", 1);
    byte[] old = keys.get("endpoint");
    assertThat(HeapWalk.from(table).contains(old)).isTrue();

    put("endpoint", "endpoint", 2);
    assertThat(HeapWalk.from(table).contains(old)).isFalse();

    old = keys.get("endpoint");
    put("endpoint", "identity", 3);
    assertThat(HeapWalk.from(table).contains(old)).isFalse();
    assertThat(HeapWalk.from(table).contains(keys.get("endpoint"))).isTrue();
  }

  @Test
  void remove_key_isWiped() {
    put("endpoint", "identity", 1);
    put("other", "other", 2);

    table.remove("endpoint");

    assertThat(HeapWalk.from(table).contains(keys.get("endpoint"))).isFalse();
    assertThat(HeapWalk.from(table).contains(keys.get("other"))).isTrue();
  }

  @Test
  void compaction_oldChunks_holdNoKey() {
    for (int device = 0; device < DEVICES; device++) {
      String endpoint = name('e', device, 128);
      put(endpoint, device % 2 == 0 ? endpoint : name('i', device, 128), device);
    }
    Object oldRecords = records();
    List<byte[]> searched = new ArrayList<>(keys.values());
    int n = DEVICES;
    for (; records() == oldRecords && n < 10_000; n++) {
      put("rotated".repeat(30), "identity", n);
      if (n % 100 == 0) {
        searched.add(keys.get("rotated".repeat(30)));
      }
    }

    assertThat(n).isBetween(2_000, 9_000);
    HeapWalk oldChunks = HeapWalk.from(oldRecords);
    HeapWalk newChunks = HeapWalk.from(table);
    assertThat(searched).noneMatch(key -> key.length >= 16 && oldChunks.contains(key));
    assertThat(keys.values()).allMatch(newChunks::contains);
  }

  @Test
  void find_nobodysNames_findsNothing() {
    put("endpoint", "identity", 1);

    assertThat(table.endpointOf(PskIdentity.of("endpoint"))).isNull();
    assertThat(table.identityOf("identity")).isNull();
    assertThat(table.valueOf(PskIdentity.of("endpoint"))).isNull();
    assertThat(table.findByEndpoint("identity", Record::new)).isNull();
    assertThat(table.findByIdentity(PskIdentity.of("endpoint"), Record::new)).isNull();
  }

  /** The most that a million dm-lwm2m devices may take, with nothing left out. */
  @Test
  void store_millionDevices_takesAtMost64BytesEach() {
    int devices = 1_000_000;
    InMemoryCredentialStore store = new InMemoryCredentialStore();
    byte[] key = keyBytes(0, 1, 16);
    for (int n = 0; n < devices; n++) {
      String endpoint = Integer.toHexString(0x10000000 + n);
      store.put(DeviceCredential.of(endpoint, PreSharedKey.copyOf(key)));
    }

    assertThat(store.size()).isEqualTo(devices);
    assertThat(store.toString()).contains("size=" + devices);
    assertThat(HeapWalk.from(store).size()).isBetween(36L * devices, 64L * devices);
  }

  private Object records() {
    try {
      Object state = HeapWalk.valueOf(CompactTable.class.getDeclaredField("state"), table);
      return HeapWalk.valueOf(state.getClass().getDeclaredField("records"), state);
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }
}
