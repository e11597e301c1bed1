// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class FleetTest {
  @Test
  void fleet_ofNoDevices_fillsAnEmptyStore() throws IOException {
    try (Folder folder = new Folder()) {
      folder.sqlite(0).close();
      assertThat(Files.size(folder.sqliteFile())).isPositive();
    }
  }
}
