// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.factory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class SeenHashesTest {
  @Property(tries = 100)
  void add_anyStrings_tellsWhichAreNew(@ForAll @Size(max = 3000) List<Short> strings) {
    SeenHashes seen = new SeenHashes();
    Set<Short> expected = new HashSet<>();
    for (Short string : strings) {
      byte[] bytes = string.toString().getBytes(StandardCharsets.UTF_8);
      assertThat(seen.contains(bytes)).isEqualTo(expected.contains(string));
      assertThat(seen.add(bytes)).isEqualTo(expected.add(string));
    }
  }
}
