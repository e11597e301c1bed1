// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds.leshan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way: {@code cli → migration → rest, leshan, provisioning → core}. */
@AnalyzeClasses(
    packages = "io.github.lwm2mcreds.leshan",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String LESHAN = "io.github.lwm2mcreds.leshan";
  private static final String REST = "io.github.lwm2mcreds.leshan.rest..";
  private static final String MIGRATION = "io.github.lwm2mcreds.leshan.migration..";
  private static final String FIRMWARE = "io.github.lwm2mcreds.leshan.firmware..";
  private static final String PROVISIONING = "io.github.lwm2mcreds.leshan.provisioning..";
  private static final String CLI = "io.github.lwm2mcreds.leshan.cli..";

  @ArchTest
  static final ArchRule leshan_dependsNeitherOnRestNorOnCli =
      noClasses()
          .that()
          .resideInAPackage(LESHAN)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(REST, MIGRATION, FIRMWARE, PROVISIONING, CLI);

  @ArchTest
  static final ArchRule firmware_dependsOnNothingOfThisProject =
      noClasses()
          .that()
          .resideInAPackage(FIRMWARE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(LESHAN, REST, MIGRATION, PROVISIONING, CLI, "io.github.lwm2mcreds");

  @ArchTest
  static final ArchRule rest_dependsNeitherOnLeshanNorOnCli =
      noClasses()
          .that()
          .resideInAPackage(REST)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(LESHAN, MIGRATION, PROVISIONING, CLI, "org.eclipse..");

  @ArchTest
  static final ArchRule migration_dependsNeitherOnLeshanNorOnCli =
      noClasses()
          .that()
          .resideInAPackage(MIGRATION)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(LESHAN, PROVISIONING, CLI);

  @ArchTest
  static final ArchRule provisioning_needsNothingOfLeshan =
      noClasses()
          .that()
          .resideInAPackage(PROVISIONING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              LESHAN, REST, MIGRATION, CLI, "org.eclipse.leshan..", "org.eclipse.californium..");

  /** So that all else works without it. */
  @ArchTest
  static final ArchRule jetty_isKnownToProvisioningOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(PROVISIONING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.eclipse.jetty..");

  @ArchTest
  static final ArchRule picocli_isKnownToTheCliOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..");

  /** The library logs through core; Jetty's loggers are looked at where Jetty is. */
  @ArchTest
  static final ArchRule slf4j_isKnownToTheCliAndToProvisioningOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages(CLI, PROVISIONING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.slf4j..");

  /** So that all else works without it, and its methods can be listed. */
  @ArchTest
  static final ArchRule micrometer_isKnownToMetricsOnly =
      noClasses()
          .that()
          .haveSimpleNameNotContaining("Metrics")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.github.lwm2mcreds.metrics..");

  @ArchTest
  static final ArchRule cli_hasOnePublicClass =
      classes()
          .that()
          .resideInAPackage(CLI)
          .and()
          .areTopLevelClasses() // what is in an interface is public, which matters to nobody
          .and()
          .arePublic()
          .should()
          .haveSimpleName("Main");
}
