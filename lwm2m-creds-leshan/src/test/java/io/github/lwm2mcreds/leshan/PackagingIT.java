package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import java.io.File;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What embedders get: the two library jars as they would be published. */
class PackagingIT {
  @Test
  void coreJar_isSmallNamedAndLicensed() throws Exception {
    File jar = jarOf(DeviceCredential.class);

    assertNamedAndLicensed(jar, "io.github.lwm2mcreds");
    assertThat(jar.length()).isLessThan(200_000);
  }

  @Test
  void leshanJar_isNamedAndLicensed() throws Exception {
    assertNamedAndLicensed(jarOf(LeshanSecurityStore.class), "io.github.lwm2mcreds.leshan");
  }

  private static File jarOf(Class<?> type) throws Exception {
    File jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toFile();
    assertThat(jar.getName()).endsWith(".jar");
    return jar;
  }

  private static void assertNamedAndLicensed(File file, String moduleName) throws Exception {
    try (JarFile jar = new JarFile(file)) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
          .isEqualTo(moduleName);
      assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
    }
  }
}
