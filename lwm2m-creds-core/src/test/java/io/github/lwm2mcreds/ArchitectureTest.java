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

/** The directions in which packages may depend on each other; DESIGN.md draws them. */
@AnalyzeClasses(
    packages = "io.github.lwm2mcreds",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String OURS = "io.github.lwm2mcreds..";
  private static final String ROOT = "io.github.lwm2mcreds";

  @ArchTest static final ArchRule root_dependsOnNoOtherPackageOfOurs = mayUse("");

  @ArchTest static final ArchRule partition_dependsOnRootOnly = mayUse(".partition..");

  @ArchTest static final ArchRule manifest_dependsOnRootOnly = mayUse(".manifest..");

  @ArchTest static final ArchRule derive_dependsOnRootOnly = mayUse(".derive..");

  @ArchTest
  static final ArchRule store_dependsOnNothingAboveIt =
      mayUse(".store..", ".manifest..", ".derive..", ".partition..");

  @ArchTest
  static final ArchRule scandium_dependsOnStoreAndRootOnly = mayUse(".scandium..", ".store..");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.github.lwm2mcreds.(*)..").should().beFreeOfCycles();

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

  /** Exceptions and enums cannot help being serializable; nothing else is, secrets least of all. */
  @ArchTest
  static final ArchRule classes_areNotSerializable =
      noClasses()
          .that()
          .areNotAssignableTo(Throwable.class)
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
        .onlyDependOnClassesThat(not(resideInAPackage(OURS)).or(resideInAnyPackage(allowed)))
        .allowEmptyShould(true); // manifest is still to come
  }
}
