// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.jdbc.DamagedStore.LOADED;
import static io.github.lwm2mcreds.store.jdbc.DamagedStore.LOGGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.store.jdbc.DamagedStore.Content;
import java.io.IOException;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;

/**
 * Files that are torn, flipped, swapped or another store's: refused and left as they are, or
 * nothing is lost. Only the end of a log may be missing without notice: SQLite cannot tell a log
 * that was damaged from one whose last transactions were never completed, and leaves them out.
 */
class SqliteDamageTest {
  private static final int PAGE = 4096;
  private static final SqliteStores GOOD_STORES = new SqliteStores();
  private static final Content GOOD = goodFiles();

  private static Content goodFiles() {
    return DamagedStore.files(GOOD_STORES, 0);
  }

  private final SqliteStores stores = new SqliteStores(GOOD_STORES.folder().resolve("key"));

  @AfterTry
  void closeStores() {
    stores.close();
  }

  @AfterContainer
  static void closeGoodStores() {
    GOOD_STORES.close();
  }

  @Example
  void open_nothingDamaged_hasAll() throws IOException {
    assertThat(open(GOOD.database(), null)).isEqualTo(LOADED);
    assertThat(open(GOOD.database(), GOOD.log())).isEqualTo(LOADED + LOGGED);
  }

  @Property(tries = 30)
  void open_lastBytesCut_isRefused(@ForAll @IntRange(min = 1, max = 45) int cut)
      throws IOException {
    byte[] torn = Arrays.copyOf(GOOD.database(), GOOD.database().length - cut);

    assertThat(open(torn, null)).isEqualTo(-1);
  }

  @Property(tries = 60)
  void open_truncated_isRefused(@ForAll @IntRange(min = 1) int at) throws IOException {
    byte[] torn = Arrays.copyOf(GOOD.database(), at % GOOD.database().length);

    assertThat(open(torn, null)).isEqualTo(-1);
    open(torn, GOOD.log());
  }

  @Property(tries = 300)
  void open_bitFlipped_isRefusedOrIntact(@ForAll @IntRange int bit, @ForAll boolean logged)
      throws IOException {
    byte[] flipped = flip(GOOD.database(), bit);

    open(flipped, logged ? GOOD.log() : null);
  }

  @Property(tries = 60)
  void open_pageZeroed_isRefusedOrIntact(@ForAll @IntRange int page, @ForAll boolean logged)
      throws IOException {
    byte[] zeroed = GOOD.database().clone();
    int from = page % (zeroed.length / PAGE) * PAGE;
    Arrays.fill(zeroed, from, from + PAGE, (byte) 0);

    open(zeroed, logged ? GOOD.log() : null);
  }

  @Property(tries = 100)
  void open_pagesSwapped_isRefusedOrIntact(
      @ForAll @IntRange int one, @ForAll @IntRange int other, @ForAll boolean logged)
      throws IOException {
    byte[] swapped = GOOD.database().clone();
    int pages = swapped.length / PAGE;
    System.arraycopy(GOOD.database(), one % pages * PAGE, swapped, other % pages * PAGE, PAGE);
    System.arraycopy(GOOD.database(), other % pages * PAGE, swapped, one % pages * PAGE, PAGE);

    open(swapped, logged ? GOOD.log() : null);
  }

  @Property(tries = 60)
  void open_logTruncated_lacksTheLastOnly(@ForAll @IntRange int at) throws IOException {
    byte[] torn = Arrays.copyOf(GOOD.log(), at % GOOD.log().length);

    assertThat(open(GOOD.database(), torn)).isBetween(LOADED, LOADED + LOGGED - 1);
  }

  @Property(tries = 100)
  void open_logFlipped_lacksTheLastOnly(@ForAll @IntRange int bit) throws IOException {
    assertThat(open(GOOD.database(), flip(GOOD.log(), bit))).isBetween(LOADED, LOADED + LOGGED);
  }

  @Example
  void open_logDeleted_lacksWhatWasInItOnly() throws IOException {
    assertThat(open(GOOD.database(), null)).isEqualTo(LOADED);
  }

  @Example
  void open_logOfAnotherStore_isRefused() throws IOException {
    Content other = DamagedStore.files(stores, 100_000);

    assertThat(open(GOOD.database(), other.log())).isEqualTo(-1);
    assertThat(open(other.database(), GOOD.log())).isEqualTo(-1);
  }

  private int open(byte[] database, byte[] log) throws IOException {
    return new DamagedStore(stores, database, log).assertRefusedOrIntact();
  }

  private static byte[] flip(byte[] content, int bit) {
    byte[] flipped = content.clone();
    int at = bit % (content.length * Byte.SIZE);
    flipped[at / Byte.SIZE] ^= (byte) (1 << at % Byte.SIZE);
    return flipped;
  }
}
