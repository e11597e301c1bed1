// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.jdbc;

import static io.github.lwm2mcreds.store.TestCredentials.credential;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedKeysTest {
  private static final int DEVICES = 2_100; // three pages

  private final SqliteStores stores = new SqliteStores();
  private JdbcCredentialStore store;

  @BeforeEach
  void makeStore() {
    store = stores.opened(stores.describe(stores.newFile()).create());
    store.putAll(IntStream.range(0, DEVICES).mapToObj(n -> credential("d-" + n, n)).toList());
    store.rotate(credential("d-1", "next-of-1", 1), Instant.now().plusSeconds(1_000));
  }

  @AfterEach
  void closeStores() {
    stores.close();
  }

  private List<StoreFinding> find() {
    List<StoreFinding> findings = new ArrayList<>();
    List<Long> progress = new ArrayList<>();
    assertThat(store.findSharedKeys(findings::add, progress::add)).isEqualTo(store.size() + 1);
    assertThat(progress).startsWith(1_000L, 2_000L, store.size() + 1);
    return findings;
  }

  @Test
  void devicesWithKeysOfTheirOwn_areNoFinding_evenIfOneRotatesToItsOwn() {
    assertThat(find()).isEmpty();
    assertThat(store.check(finding -> {}, done -> {})).isEqualTo(DEVICES + 1);
  }

  @Test
  void eachFurtherDevice_isNamedWithTheFirst_alsoByItsNextKey() {
    store.put(credential("x-1", 7));
    store.put(credential("x-2", 7));
    store.put(credential("x-3", 1));

    assertThat(find())
        .extracting(StoreFinding::endpoint)
        .containsExactlyInAnyOrder("x-1", "x-2", "x-3");
    assertThat(find())
        .filteredOn(finding -> finding.endpoint().equals("x-2"))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.problem())
                    .startsWith(
                        "the key, with the check value " + credential("x", 7).psk().checkValue())
                    .contains("is also that of 'd-7'"));
    assertThat(find())
        .filteredOn(finding -> finding.endpoint().equals("x-3"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.problem()).contains("is also that of 'd-1'"));
  }
}
