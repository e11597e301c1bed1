// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.benchmarks;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The directions in which the packages of the benchmarks may depend on each other. */
@AnalyzeClasses(
    packages = "io.github.lwm2mcreds.benchmarks",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.github.lwm2mcreds.benchmarks";

  @ArchTest
  static final ArchRule packages_dependOnEachOtherInOneDirection =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("commands")
          .definedBy(ROOT)
          .layer("jmh")
          .definedBy(ROOT + ".jmh..")
          .layer("report")
          .definedBy(ROOT + ".report..")
          .layer("contest")
          .definedBy(ROOT + ".contest..")
          .layer("fleet")
          .definedBy(ROOT + ".fleet..")
          .whereLayer("commands")
          .mayOnlyAccessLayers("jmh", "report", "contest", "fleet")
          .whereLayer("jmh")
          .mayOnlyAccessLayers("contest", "fleet")
          .whereLayer("report")
          .mayOnlyAccessLayers("contest")
          .whereLayer("contest")
          .mayOnlyAccessLayers("fleet")
          .whereLayer("fleet")
          .mayNotAccessAnyLayer();
}
