// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.store.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordsTest {
  private final Records records = new Records();

  @ParameterizedTest
  @CsvSource({"1,1,1", "8,8,16", "252,128,64", "255,255,255", "128,128,64", "200,1,5"})
  void append_lengthsUpToTheirLimits_areReadBack(int endpoint, int identity, int value) {
    byte[] e = filled(endpoint, 'e');
    byte[] i = filled(identity, 'i');
    byte[] v = filled(value, 'v');

    int ref = records.append(e, i, v);

    assertThat(ref).isNotZero();
    assertThat(records.endpoint(ref)).isEqualTo(e);
    assertThat(records.identity(ref)).isEqualTo(i);
    assertThat(records.value(ref)).isEqualTo(v);
    assertThat(records.hasEndpoint(ref, e)).isTrue();
    assertThat(records.hasIdentity(ref, i)).isTrue();
  }

  @Test
  void has_prefixOrLongerKey_isFalse() {
    int ref = records.append(filled(8, 'e'), filled(8, 'i'), filled(16, 'v'));

    assertThat(records.hasEndpoint(ref, filled(7, 'e'))).isFalse();
    assertThat(records.hasEndpoint(ref, filled(9, 'e'))).isFalse();
    assertThat(records.hasEndpoint(ref, filled(8 + 256, 'e'))).isFalse();
    assertThat(records.hasIdentity(ref, filled(7, 'i'))).isFalse();
    assertThat(records.hasIdentity(ref, filled(9, 'i'))).isFalse();
    assertThat(records.hasIdentity(ref, filled(8, 'e'))).isFalse();
  }

  @Test
  void identity_sameAsEndpoint_isTheEndpoint() {
    int ref = records.append(filled(8, 'e'), filled(8, 'e'), filled(16, 'v'));

    assertThat(records.identity(ref)).isEqualTo(filled(8, 'e'));
    assertThat(records.hasIdentity(ref, filled(8, 'e'))).isTrue();
  }

  /** Ten megabytes reach chunks of every size, and their array's growth. */
  @Test
  void append_overManyChunks_keepsEveryRecord() {
    List<Integer> refs = new ArrayList<>();
    for (int n = 0; n < 40_000; n++) {
      refs.add(records.append(name(n), filled(n % 128 + 1, 'i'), filled(n % 64 + 1, 'v')));
    }

    assertThat(refs).doesNotHaveDuplicates();
    for (int n = 0; n < 40_000; n++) {
      int ref = refs.get(n);
      if (!records.hasEndpoint(ref, name(n))
          || !records.hasIdentity(ref, filled(n % 128 + 1, 'i'))
          || !Arrays.equals(records.value(ref), filled(n % 64 + 1, 'v'))) {
        assertThat(n).as("record that was lost").isNegative();
      }
    }
  }

  private static byte[] name(int n) {
    return ("an endpoint with a long name, to fill the chunks; and with number " + n + '.' + n * 31)
        .repeat(2)
        .getBytes(US_ASCII);
  }

  @Test
  void retire_wipesTheValueAndItsNeighboursStay() {
    List<Integer> refs =
        Stream.of('a', 'b', 'c')
            .map(c -> records.append(filled(5, c), filled(6, c), filled(17, c)))
            .toList();

    records.retire(refs.get(1));

    assertThat(records.value(refs.get(0))).isEqualTo(filled(17, 'a'));
    assertThat(records.value(refs.get(1))).isEqualTo(new byte[17]);
    assertThat(records.value(refs.get(2))).isEqualTo(filled(17, 'c'));
    assertThat(records.endpoint(refs.get(1))).isEqualTo(filled(5, 'b'));
    assertThat(records.identity(refs.get(2))).isEqualTo(filled(6, 'c'));
  }

  @Test
  void isWasteful_moreThanAMegabyteDeadThanLive_isTrue() {
    records.append(filled(8, 'l'), filled(8, 'l'), filled(16, 'v')); // 28 live bytes
    int retired = 0;
    while (!records.isWasteful() && retired < 10_000) {
      records.retire(records.append(filled(252, 'd'), filled(128, 'd'), filled(64, 'v')));
      retired++;
    }

    assertThat(retired).isEqualTo((1 << 20) / 448 + 1);
  }

  private static byte[] filled(int length, int content) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) content);
    return bytes;
  }
}
