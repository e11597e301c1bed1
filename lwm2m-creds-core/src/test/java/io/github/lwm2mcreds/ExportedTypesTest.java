// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds of every public type in every package that the module exports. */
class ExportedTypesTest {
  private static final Path CLASSES = Path.of("target", "classes");

  /** The text of Object is an address. */
  @Test
  void values_allOfThem_haveATextOfTheirOwn() throws Exception {
    assertThat(types()).hasSizeGreaterThan(60);
    assertThat(types())
        .filteredOn(ExportedTypesTest::isValue)
        .filteredOn(type -> !declares(type, "toString"))
        .isEmpty();
  }

  /** A record's text has all its components. */
  @Test
  void records_holdNoKeyInClear() throws Exception {
    assertThat(types())
        .filteredOn(Class::isRecord)
        .flatExtracting(type -> List.of(type.getRecordComponents()))
        .extracting(RecordComponent::getType)
        .isNotEmpty()
        .doesNotContain(PreSharedKey.class, DeviceCredential.class, char[].class);
  }

  /** A class of which callers make objects that stand for something, or that holds a key. */
  private static boolean isValue(Class<?> type) {
    return !type.isInterface()
        && !type.isEnum()
        && !type.isRecord()
        && !Throwable.class.isAssignableFrom(type)
        && (declares(type, "equals")
            || declares(type, "isDestroyed")
            || Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .anyMatch(method -> method.getReturnType() == type));
  }

  private static boolean declares(Class<?> type, String name) {
    return Arrays.stream(type.getDeclaredMethods()).map(Method::getName).anyMatch(name::equals);
  }

  private static List<Class<?>> types() throws Exception {
    List<Path> packages =
        ModuleFinder.of(CLASSES).findAll().iterator().next().descriptor().exports().stream()
            .filter(exports -> !exports.isQualified())
            .map(Exports::source)
            .map(name -> CLASSES.resolve(name.replace('.', '/')))
            .toList();
    return packages.stream().flatMap(ExportedTypesTest::publicTypes).toList();
  }

  private static Stream<Class<?>> publicTypes(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(CLASSES::relativize)
          .map(Path::toString)
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .<Class<?>>map(ExportedTypesTest::load)
          .filter(type -> Modifier.isPublic(type.getModifiers()))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
