// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import io.github.lwm2mcreds.PublicApiFile;
import org.junit.jupiter.api.Test;

class PublicApiTest {
  @Test
  void publicApi_isWhatTheFileSays() throws Exception {
    PublicApiFile.check(LeshanSecurityStore.class);
  }
}
