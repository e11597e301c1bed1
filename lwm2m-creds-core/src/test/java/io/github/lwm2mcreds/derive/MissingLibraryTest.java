package io.github.lwm2mcreds.derive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
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
  void hkdfSha256_withoutBouncyCastle_namesTheArtifact() throws Exception {
    Method factory = load(KeyDerivation.class).getMethod("hkdfSha256", String.class);

    assertThatThrownBy(() -> factory.invoke(null, "label"))
        .isInstanceOf(InvocationTargetException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("org.bouncycastle:bcprov-jdk18on");
  }

  @Test
  void azureDps_withoutBouncyCastle_derives() throws Exception {
    Class<?> derivation = load(KeyDerivation.class);
    Class<?> groupKey = load(GroupKey.class);
    Object key =
        groupKey.getMethod("copyOf", int.class, byte[].class).invoke(null, 1, GroupKeys.bytes(1));
    Object azure = derivation.getMethod("azureDps").invoke(null);

    assertThat(
            derivation.getMethod("derive", groupKey, String.class).invoke(azure, key, "sensor-1"))
        .isNotNull();
  }

  private Class<?> load(Class<?> type) throws ClassNotFoundException {
    return alone.loadClass(type.getName());
  }
}
