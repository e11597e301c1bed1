// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final int HASH = 0x12345678;

  private final Slots slots = new Slots();

  @Test
  void hash_equalKeys_isEqual() {
    for (int length = 0; length < 40; length++) {
      byte[] key =
          "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF".substring(0, length).getBytes(US_ASCII);

      assertThat(Slots.hash(key.clone())).isEqualTo(Slots.hash(key));
    }
  }

  @Test
  void hash_zeroBytesOfAnyNumber_differs() {
    Set<Integer> hashes = new HashSet<>();
    for (int length = 0; length < 64; length++) {
      hashes.add(Slots.hash(new byte[length]));
    }

    assertThat(hashes).hasSizeGreaterThan(62);
  }

  @Test
  void hash_everySingleBitChange_differs() {
    byte[] key = "urn:dev:mac:0024befffe804ff1".getBytes(US_ASCII);
    Set<Integer> hashes = new HashSet<>(Set.of(Slots.hash(key)));
    for (int bit = 0; bit < key.length * 8; bit++) {
      key[bit / 8] ^= (byte) (1 << bit % 8);
      hashes.add(Slots.hash(key));
      key[bit / 8] ^= (byte) (1 << bit % 8);
    }

    assertThat(hashes).hasSizeGreaterThan(key.length * 8 - 1);
  }

  /** Consecutive serial numbers are what endpoints are made of. */
  @Test
  void hash_consecutiveNumbers_fillSlotsEvenly() {
    int[] filled = new int[1 << 10];
    for (int i = 0; i < filled.length * 16; i++) {
      filled[Slots.hash(String.format("%08x", i).getBytes(US_ASCII)) & filled.length - 1]++;
    }

    assertThat(Arrays.stream(filled).max().orElseThrow())
        .isLessThan(64); // 16 on average, with a deviation of 4
  }

  @Test
  void insert_sameHashes_areProbedInOrderOfInsertion() {
    for (int ref = 1; ref <= 5; ref++) {
      slots.insert(HASH, ref);
    }

    assertThat(refsOf(HASH)).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void insert_atLastIndex_wrapsAround() {
    int hash = slots.length() - 1;
    slots.insert(hash, 1);
    slots.insert(hash, 2);

    assertThat(slots.indexOf(hash, 1)).isEqualTo(slots.length() - 1);
    assertThat(slots.indexOf(hash, 2)).isZero();
  }

  @Test
  void insert_hashAndReferenceWithTopBits_areKeptApart() {
    slots.insert(-1, -2);
    slots.insert(0, Integer.MIN_VALUE);
    slots.insert(0, 1);

    assertThat(refsOf(-1)).containsExactly(-2);
    assertThat(refsOf(0)).containsExactly(Integer.MIN_VALUE, 1);
  }

  @Test
  void insert_neighbourWithOtherHash_isPassedByOnly() {
    slots.insert(HASH, 1);
    slots.insert(HASH + slots.length(), 2); // the same first index
    slots.insert(HASH, 3);

    assertThat(refsOf(HASH)).containsExactly(1, 3);
    assertThat(slots.indexOf(HASH, 2)).isEqualTo(-1);
  }

  @Test
  void remove_inTheMiddleOfAProbe_leavesTheRestToBeFound() {
    slots.insert(HASH, 1);
    slots.insert(HASH, 2);
    slots.insert(HASH, 3);

    slots.remove(HASH, 2);

    assertThat(refsOf(HASH)).containsExactly(1, 3);
    assertThat(slots.indexOf(HASH, 2)).isEqualTo(-1);
  }

  /** A slot that had a value never has it again, or a reader could take a wiped value for good. */
  @Test
  void insert_afterRemove_doesNotReuseTheSlot() {
    slots.insert(HASH, 1);
    int index = slots.indexOf(HASH, 1);
    slots.remove(HASH, 1);

    slots.insert(HASH, 1);

    assertThat(slots.indexOf(HASH, 1)).isEqualTo(slots.next(index));
  }

  /** A tombstone is no slot of the hash its upper half happens to show. */
  @Test
  void remove_hashOfTombstoneItself_isNotFound() {
    slots.insert(1, 7);
    slots.remove(1, 7);

    assertThat(refsOf(1)).isEmpty();
    assertThat(slots.indexOf(1, 0)).isEqualTo(-1);
  }

  @Test
  void replace_keepsTheIndex() {
    slots.insert(HASH, 1);
    slots.insert(HASH, 2);
    int index = slots.indexOf(HASH, 2);

    slots.replace(HASH, 2, 9);

    assertThat(slots.indexOf(HASH, 9)).isEqualTo(index);
    assertThat(refsOf(HASH)).containsExactly(1, 9);
  }

  @Test
  void replaceAndRemove_twoSlotsOfOneHashAndReference_takeOneAtATime() {
    slots.insert(HASH, 1);
    slots.insert(HASH, 1);

    slots.replace(HASH, 1, 2);
    assertThat(refsOf(HASH)).containsExactly(2, 1);

    slots.remove(HASH, 1);
    assertThat(refsOf(HASH)).containsExactly(2);
  }

  @Test
  void isCrowded_untilTrue_leavesAThirdEmpty() {
    int inserted = 0;
    while (!slots.isCrowded()) {
      slots.insert(HASH, ++inserted);
      slots.insert(HASH, ++inserted);
    }

    assertThat(inserted).isBetween(slots.length() * 2 / 3 - 2, slots.length() * 2 / 3);
  }

  @Test
  void isCrowded_tombstones_count() {
    for (int ref = 1; !slots.isCrowded(); ref++) {
      slots.insert(HASH, ref);
      slots.remove(HASH, ref);
    }

    assertThat(refsOf(HASH)).isEmpty();
    assertThat(slots.rehashed().length()).isEqualTo(slots.length());
    assertThat(slots.rehashed().isCrowded()).isFalse();
  }

  @Test
  void rehashed_whatever_leadsWhereTheOriginalDid() {
    Random random = new Random(1);
    Slots now = slots;
    Map<Integer, List<Integer>> model = new HashMap<>();
    for (int ref = 1; ref < 20_000; ref++) {
      if (now.isCrowded()) {
        now = now.rehashed();
        assertThat(now.isCrowded()).isFalse();
      }
      int hash = random.nextInt(2_000) * 0x10001;
      List<Integer> refs = model.computeIfAbsent(hash, h -> new ArrayList<>());
      now.insert(hash, ref);
      refs.add(ref);
      if (random.nextBoolean()) {
        now.remove(hash, refs.remove(random.nextInt(refs.size())));
      }
    }

    Slots result = now;
    assertThat(model)
        .allSatisfy(
            (hash, refs) ->
                assertThat(refsOf(result, hash)).containsExactlyInAnyOrderElementsOf(refs));
  }

  private List<Integer> refsOf(int hash) {
    return refsOf(slots, hash);
  }

  private static List<Integer> refsOf(Slots slots, int hash) {
    List<Integer> refs = new ArrayList<>();
    for (int i = slots.first(hash); slots.get(i) != Slots.EMPTY; i = slots.next(i)) {
      if (Slots.leadsBy(hash, slots.get(i))) {
        refs.add(Slots.ref(slots.get(i)));
      }
    }
    return refs;
  }
}
