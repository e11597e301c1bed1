// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lwm2mcreds.DeviceCredential;
import java.io.File;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars as OSGi bundles: their headers say what their module descriptors say. */
class OsgiIT {
  private static final String FRIENDS = "x-friends:=";
  private static final String NEEDED_BY_LESHAN =
      "(javax?|org\\.eclipse|io\\.github|com\\.fasterxml\\.jackson)\\..*";

  @ParameterizedTest
  @ValueSource(classes = {DeviceCredential.class, LeshanSecurityStore.class})
  void bundle_isNamedLikeItsModule_andExportsTheSame(Class<?> any) throws Exception {
    File jar = PackagingIT.jarOf(any);
    ModuleDescriptor module =
        ModuleFinder.of(jar.toPath()).findAll().iterator().next().descriptor();
    Map<String, String> exports = header(jar, "Export-Package");

    assertThat(header(jar, "Bundle-SymbolicName")).containsOnlyKeys(module.name());
    assertThat(header(jar, "Bundle-License")).containsOnlyKeys("Apache-2.0");
    assertThat(exports.keySet())
        .containsExactlyInAnyOrderElementsOf(names(module, exported -> true));
    assertThat(exports.keySet().stream().filter(name -> !exports.get(name).contains(FRIENDS)))
        .containsExactlyInAnyOrderElementsOf(names(module, exported -> !exported.isQualified()));
  }

  @Test
  void coreBundle_needsNothingButTheJdk() throws Exception {
    Map<String, String> imports =
        header(PackagingIT.jarOf(DeviceCredential.class), "Import-Package");

    assertThat(imports)
        .containsKeys("org.eclipse.californium.scandium.dtls.pskstore", "org.slf4j", "javax.sql");
    imports.forEach(
        (name, attributes) -> {
          if (!name.matches("javax?\\..*")) {
            assertThat(attributes).as(name).contains("resolution:=optional");
          }
        });
  }

  @Test
  void leshanBundle_needsLeshan_andNothingOfTheCommandLine() throws Exception {
    Map<String, String> imports =
        header(PackagingIT.jarOf(LeshanSecurityStore.class), "Import-Package");

    assertThat(imports)
        .containsKeys("org.eclipse.leshan.server.security", "io.github.lwm2mcreds.store.internal");
    assertThat(imports.keySet())
        .noneMatch(name -> name.startsWith("picocli") || name.startsWith("org.sqlite"));
    imports.forEach(
        (name, attributes) -> {
          if (!name.matches(NEEDED_BY_LESHAN)) {
            assertThat(attributes).as(name).contains("resolution:=optional");
          }
        });
  }

  private static List<String> names(ModuleDescriptor module, Predicate<Exports> which) {
    return module.exports().stream().filter(which).map(Exports::source).toList();
  }

  /** Returns a header's clauses, each with its attributes and directives. */
  private static Map<String, String> header(File file, String name) throws Exception {
    try (JarFile jar = new JarFile(file)) {
      Map<String, String> clauses = new TreeMap<>();
      String value = jar.getManifest().getMainAttributes().getValue(name);
      // A comma inside quotation marks separates nothing.
      for (String clause : value.split(",(?=([^\"]*\"[^\"]*\")*[^\"]*$)")) {
        String[] parts = clause.split(";", 2);
        clauses.put(parts[0], parts.length == 1 ? "" : parts[1]);
      }
      return clauses;
    }
  }
}
