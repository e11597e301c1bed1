// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.scandium;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DebtsTest {
  private static final long MOST = 10_000;

  private final Debts debts = new Debts();
  private final KeyedHash hash = new KeyedHash();

  private long key(long number) {
    return hash.of(0, number);
  }

  @Test
  void owed_isWhatWasAddedLessTheTimeThatPassed() {
    assertThat(debts.owed(key(1), 0)).isZero();
    assertThat(debts.add(key(1), 0, 300, MOST)).isEqualTo(300);
    assertThat(debts.add(key(1), 100, 300, MOST)).isEqualTo(500);

    assertThat(debts.owed(key(1), 100)).isEqualTo(500);
    assertThat(debts.owed(key(1), 599)).isEqualTo(1);
    assertThat(debts.owed(key(1), 600)).isZero();
    assertThat(debts.owed(key(1), 10_000)).isZero();
    assertThat(debts.owed(key(2), 100)).isZero();
  }

  @Test
  void owed_isNeverMoreThanTheMost() {
    for (int i = 0; i < 1000; i++) {
      debts.add(key(1), 50, 300, MOST);
    }

    assertThat(debts.owed(key(1), 50)).isEqualTo(MOST);
  }

  @Test
  void add_ofLessThanNothing_paysOffWhatIsOwedAndNoMore() {
    debts.add(key(1), 0, 300, MOST);
    debts.add(key(1), 0, -100, MOST);
    assertThat(debts.owed(key(1), 0)).isEqualTo(200);
    debts.add(key(1), 0, -500, MOST);
    assertThat(debts.owed(key(1), 0)).isZero();
    assertThat(debts.add(key(1), 0, 300, MOST)).isEqualTo(300);
  }

  @Test
  void amillionKeys_takeNoMoreRoomThanNone() {
    AtomicLongArray places = debts.places();
    LongStream.range(0, 1_000_000).forEach(number -> debts.add(key(number), 0, 10, MOST));

    assertThat(debts.places()).isSameAs(places);
    assertThat(places.length() * Long.BYTES).isEqualTo(512 << 10);
  }

  @Test
  void amillionKeysThatOweLittle_pushOutNobodyWhoOwesMuch() {
    debts.add(key(-7), 0, MOST, MOST);
    LongStream.range(0, 1_000_000).forEach(number -> debts.add(key(number), 0, 10, MOST));

    assertThat(debts.owed(key(-7), 0)).isEqualTo(MOST);
  }

  @Test
  void amillionKeys_leaveThoseThatDidNothingWithoutDebts() {
    LongStream.range(0, 1_000_000).forEach(number -> debts.add(key(number), 0, MOST, MOST));

    long taken =
        LongStream.range(2_000_000, 3_000_000).filter(n -> debts.owed(key(n), 0) > 0).count();
    assertThat(taken).as("of a million, half a one by chance").isLessThan(10);
  }

  @Test
  void keys_areAllTold_whereThereIsRoom() {
    int keys = Debts.SIZE / 8;
    LongStream.range(0, keys).forEach(number -> debts.add(key(number), 0, 1 + number, 1 << 20));

    long kept = LongStream.range(0, keys).filter(n -> debts.owed(key(n), 0) == 1 + n).count();
    assertThat(kept).isEqualTo(keys);
  }

  @Test
  void threads_loseNothing() {
    IntStream.range(0, 8)
        .parallel()
        .forEach(
            thread -> IntStream.range(0, 10_000).forEach(i -> debts.add(key(3), 0, 1, 1 << 20)));

    assertThat(debts.owed(key(3), 0)).isEqualTo(80_000);
  }

  @Test
  void hash_ofEveryServer_isAnother() {
    KeyedHash other = new KeyedHash();
    byte[] bytes = new byte[128];
    new Random(1).nextBytes(bytes);

    assertThat(other.of(0, 1)).isNotEqualTo(hash.of(0, 1));
    assertThat(other.of(0, 1, bytes, 0, 128)).isNotEqualTo(hash.of(0, 1, bytes, 0, 128));
    assertThat(hash.of(0, 1, bytes, 0, 128)).isEqualTo(hash.of(0, 1, bytes.clone(), 0, 128));
  }

  @Test
  void hash_ofWhatDiffersAnywhere_differs() {
    byte[] bytes = new byte[128];
    long[] hashes =
        LongStream.concat(
                IntStream.range(0, 128 * 8)
                    .mapToLong(
                        bit -> {
                          byte[] changed = bytes.clone();
                          changed[bit / 8] ^= (byte) (1 << bit % 8);
                          return hash.of(0, 1, changed, 0, 128);
                        }),
                LongStream.concat(
                    IntStream.rangeClosed(0, 128).mapToLong(n -> hash.of(0, 1, bytes, 0, n)),
                    LongStream.of(
                        hash.of(1, 1, bytes, 0, 128),
                        hash.of(0, 2, bytes, 0, 128),
                        hash.of(0, 1L << 32 | 1, bytes, 0, 128))))
            .toArray();

    assertThat(hashes).doesNotHaveDuplicates();
  }
}
