// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.derive;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** This library's classes and the runtime's, nothing else on the class path. */
class MissingLibraryTest {
  private URLClassLoader alone;

  @BeforeEach
  void loadAlone() {
    URL classes = KeyDerivation.class.getProtectionDomain().getCodeSource().getLocation();
    alone = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
  }

  @AfterEach
  void close() throws Exception {
    alone.close();
  }

  @Test
  void derive_withoutAnyLibrary_derives() throws Exception {
    Class<?> derivation = load(KeyDerivation.class);
    Class<?> groupKey = load(GroupKey.class);
    Object key =
        groupKey.getMethod("copyOf", int.class, byte[].class).invoke(null, 1, GroupKeys.bytes(1));
    Object azure = derivation.getMethod("azureDps").invoke(null);
    Object hkdf = derivation.getMethod("hkdfSha256", String.class).invoke(null, "label");
    Object counterMode =
        derivation.getMethod("counterModeHmacSha256", String.class).invoke(null, "label");

    for (Object each : List.of(azure, hkdf, counterMode)) {
      assertThat(
              derivation.getMethod("derive", groupKey, String.class).invoke(each, key, "sensor-1"))
          .isNotNull();
    }
  }

  private Class<?> load(Class<?> type) throws ClassNotFoundException {
    return alone.loadClass(type.getName());
  }
}
