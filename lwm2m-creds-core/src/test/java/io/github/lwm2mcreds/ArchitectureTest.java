// SPDX-License-Identifier: Apache-2.0
package io.github.lwm2mcreds;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Serializable;
import java.security.Key;

/** The directions in which packages may depend on each other; DESIGN.md draws them. */
@AnalyzeClasses(
    packages = "io.github.lwm2mcreds",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String OURS = "io.github.lwm2mcreds..";
  private static final String ROOT = "io.github.lwm2mcreds";

  private static final String STORE = ".store";
  private static final String INTERNAL = ".store.internal";
  private static final String SEAL = ".store.seal";

  @ArchTest static final ArchRule root_usesNoOtherPackageOfOurs = mayUse("");

  @ArchTest static final ArchRule partition_usesRootOnly = mayUse(".partition");

  @ArchTest static final ArchRule manifest_usesInternalOnly = mayUse(".manifest", INTERNAL);
  @ArchTest static final ArchRule format_usesPartitionOnly = mayUse(".format", ".partition");

  @ArchTest static final ArchRule internal_usesRootOnly = mayUse(INTERNAL);

  @ArchTest static final ArchRule store_usesRootAndInternalOnly = mayUse(STORE, INTERNAL);

  @ArchTest static final ArchRule derive_usesStoreOnly = mayUse(".derive", STORE, INTERNAL);

  @ArchTest static final ArchRule label_usesManifestOnly = mayUse(".label", ".manifest", INTERNAL);

  @ArchTest
  static final ArchRule factory_usesPartitionManifestLabelAndStoreOnly =
      mayUse(".factory", ".partition", ".manifest", ".label", STORE, INTERNAL);

  @ArchTest static final ArchRule seal_usesStoreOnly = mayUse(SEAL, STORE, INTERNAL);

  @ArchTest
  static final ArchRule jdbc_usesStoreAndSealOnly = mayUse(".store.jdbc", STORE, INTERNAL, SEAL);

  @ArchTest static final ArchRule mirror_usesStoreOnly = mayUse(".store.mirror", STORE, INTERNAL);

  @ArchTest static final ArchRule scandium_usesStoreOnly = mayUse(".scandium", STORE, INTERNAL);

  @ArchTest
  static final ArchRule metrics_usesStoreMirrorAndScandiumOnly =
      mayUse(".metrics", STORE, ".store.mirror", ".scandium");

  @ArchTest
  static final ArchRule packages_allOfThem_areInARuleAbove =
      classes()
          .should()
          .resideInAnyPackage(
              ROOT,
              ROOT + ".partition",
              ROOT + ".manifest",
              ROOT + ".format",
              ROOT + ".derive",
              ROOT + ".factory",
              ROOT + ".label",
              ROOT + STORE,
              ROOT + INTERNAL,
              ROOT + SEAL,
              ROOT + ".store.jdbc",
              ROOT + ".store.mirror",
              ROOT + ".scandium",
              ROOT + ".metrics");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.github.lwm2mcreds.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule databases_areUsedByTheirPackageOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".store.jdbc")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.sqlite..");

  @ArchTest
  static final ArchRule micrometer_isUsedByMetricsPackageOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".metrics")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..");

  @ArchTest
  static final ArchRule zxing_isUsedByLabelPackageOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".label")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.google.zxing..");

  @ArchTest
  static final ArchRule core_knowsNothingOfLeshanOrTheCommandLine =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.eclipse.leshan..", "picocli..", "com.fasterxml.jackson..", "tools.jackson..");

  @ArchTest
  static final ArchRule californium_isUsedByScandiumPackageOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".scandium..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.eclipse.californium..");

  /**
   * Exceptions, enums and the JDK's keys cannot help being serializable; nothing else is, secrets
   * least of all. A private key of ours refuses it.
   */
  @ArchTest
  static final ArchRule classes_areNotSerializable =
      noClasses()
          .that()
          .areNotAssignableTo(Throwable.class)
          .and()
          .areNotAssignableTo(Key.class)
          .and()
          .areNotEnums()
          .should()
          .beAssignableTo(Serializable.class);

  @ArchTest
  static final ArchRule exceptions_carryNoSecretWhenSerialized =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .areAssignableTo(Throwable.class)
          .should()
          .notHaveRawType(PreSharedKey.class)
          .andShould()
          .notHaveRawType(DeviceCredential.class)
          .andShould()
          .notHaveRawType(byte[].class);

  private static ArchRule mayUse(String itself, String... others) {
    String[] allowed = new String[others.length + 2];
    allowed[0] = ROOT;
    allowed[1] = ROOT + itself;
    for (int i = 0; i < others.length; i++) {
      allowed[i + 2] = ROOT + others[i];
    }
    return classes()
        .that()
        .resideInAPackage(ROOT + itself)
        .should()
        .onlyDependOnClassesThat(not(resideInAPackage(OURS)).or(resideInAnyPackage(allowed)));
  }
}
