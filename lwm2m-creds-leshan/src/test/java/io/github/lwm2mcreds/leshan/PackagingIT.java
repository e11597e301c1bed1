// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.lwm2mcreds.DeviceCredential;
import io.github.lwm2mcreds.store.jdbc.TestPostgres;
import io.github.lwm2mcreds.store.seal.KeyWrapper;
import io.github.lwm2mcreds.store.seal.KeyWrappers;
import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What users get: the two library jars and the command line as they would be published. */
class PackagingIT {
  @Test
  void coreJar_isSmallNamedAndLicensed() throws Exception {
    File jar = jarOf(DeviceCredential.class);

    assertNamedAndLicensed(jar, "io.github.lwm2mcreds");
    assertThat(jar.length()).isLessThan(1_020_000);
  }

  @Test
  void leshanJar_isNamedAndLicensed() throws Exception {
    assertNamedAndLicensed(jarOf(LeshanSecurityStore.class), "io.github.lwm2mcreds.leshan");
  }

  @Test
  void leshanJar_hasNothingOfTheCommandLine() throws Exception {
    File file = jarOf(LeshanSecurityStore.class);

    assertThat(ModuleFinder.of(file.toPath()).findAll().iterator().next().descriptor().requires())
        .noneMatch(required -> required.name().matches("info\\.picocli|.*sqlitejdbc"));
    try (JarFile jar = new JarFile(file)) {
      assertThat(jar.stream()).noneMatch(entry -> entry.getName().contains("/leshan/cli/"));
    }
  }

  @Test
  void commandLineJar_hasTheDatabaseDriversAndWhatMakesAKeyOfAPassphrase() throws Exception {
    URL jar = Path.of("target", "lwm2m-creds.jar").toUri().toURL();
    try (URLClassLoader alone =
        new URLClassLoader(new URL[] {jar}, ClassLoader.getPlatformClassLoader())) {
      assertConnects(alone, "jdbc:sqlite::memory:");
      assertConnects(alone, TestPostgres.shared().newDatabase());
      Object wrapper =
          alone
              .loadClass(KeyWrappers.class.getName())
              .getMethod("passphrase", char[].class)
              .invoke(null, (Object) "any".toCharArray());
      alone
          .loadClass(KeyWrapper.class.getName())
          .getMethod("wrap", byte[].class)
          .invoke(wrapper, (Object) new byte[32]);
    }
  }

  private static void assertConnects(ClassLoader loader, String url) throws Exception {
    for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
      if (driver.getClass().getClassLoader() == loader && driver.acceptsURL(url)) {
        try (Connection connection = driver.connect(url, new Properties())) {
          assertThat(connection.isValid(10)).isTrue();
        }
        return;
      }
    }
    fail("no driver for " + url);
  }

  static File jarOf(Class<?> type) throws Exception {
    File jar = Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toFile();
    assertThat(jar.getName()).endsWith(".jar");
    return jar;
  }

  private static void assertNamedAndLicensed(File file, String moduleName) throws Exception {
    ModuleDescriptor module =
        ModuleFinder.of(file.toPath()).findAll().iterator().next().descriptor();
    assertThat(module.name()).isEqualTo(moduleName);
    assertThat(module.isAutomatic()).isFalse();
    try (JarFile jar = new JarFile(file)) {
      assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
    }
  }
}
