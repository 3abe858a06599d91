package io.llmaz.integration;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.Architectures;

/** The table of modules in DESIGN.md, as rules. */
@AnalyzeClasses(packages = "io.llmaz", importOptions = DoNotIncludeTests.class)
final class ModuleRulesTest {

  @ArchTest
  static final ArchRule modules_useOnlyTheRoomsTheyMay =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("api")
          .definedBy("io.llmaz.api..")
          .layer("source")
          .definedBy("io.llmaz.source..")
          .layer("dragonfly")
          .definedBy("io.llmaz.dragonfly..")
          .layer("scheduler")
          .definedBy("io.llmaz.scheduler..")
          .layer("gateway")
          .definedBy("io.llmaz.gateway..")
          .layer("loader")
          .definedBy("io.llmaz.loader..")
          .layer("operator")
          .definedBy("io.llmaz.operator..")
          .layer("local")
          .definedBy("io.llmaz.local..")
          .whereLayer("api")
          .mayNotAccessAnyLayer()
          .whereLayer("source")
          .mayNotAccessAnyLayer()
          .whereLayer("dragonfly")
          .mayOnlyAccessLayers("source")
          .whereLayer("scheduler")
          .mayOnlyAccessLayers("dragonfly", "source")
          .whereLayer("gateway")
          .mayOnlyAccessLayers("source", "api")
          .whereLayer("loader")
          .mayOnlyAccessLayers("source", "dragonfly")
          .whereLayer("operator")
          .mayOnlyAccessLayers("api", "source", "dragonfly");

  @ArchTest
  static final ArchRule packages_haveNoCycles =
      slices().matching("io.llmaz.(**)").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule bytes_doNotKnowKubernetes =
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAnyPackage(
              "io.llmaz.source..",
              "io.llmaz.dragonfly..",
              "io.llmaz.scheduler..",
              "io.llmaz.loader..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule jdkInternals_areNotUsed =
      ArchRuleDefinition.noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("sun..", "jdk.internal..");

  private ModuleRulesTest() {}
}
