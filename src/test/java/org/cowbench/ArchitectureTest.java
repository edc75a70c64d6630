package org.cowbench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.junit.jupiter.api.Test;

/** The arrows between packages point one way. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("org.cowbench");

    @Test
    void arrows() {
        layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true)
                .layer("arena").definedBy("..arena..")
                .layer("policy").definedBy("..policy..")
                .layer("machine").definedBy("..machine..")
                .layer("litmus").definedBy("..litmus..")
                .layer("workload").definedBy("..workload..")
                .layer("check").definedBy("..check..")
                .layer("bench").definedBy("..bench..")
                .layer("kernel").definedBy("..cowbench.kernel..")
                .layer("result").definedBy("..result..")
                .layer("stats").definedBy("..stats..")
                .layer("report").definedBy("..report..")
                .layer("cli").definedBy("..cli..")
                .whereLayer("arena").mayNotAccessAnyLayer()
                .whereLayer("policy").mayOnlyAccessLayers("arena")
                .whereLayer("machine").mayOnlyAccessLayers("arena", "policy")
                .whereLayer("litmus").mayOnlyAccessLayers("arena", "policy", "machine")
                .whereLayer("workload").mayOnlyAccessLayers("arena", "policy", "machine")
                .whereLayer("check").mayOnlyAccessLayers("arena", "policy", "machine", "litmus", "workload")
                .whereLayer("bench").mayOnlyAccessLayers("arena", "policy", "machine", "workload", "litmus", "result", "stats")
                .whereLayer("kernel")
                .mayOnlyAccessLayers("arena", "policy", "machine", "workload", "litmus", "result", "bench")
                .whereLayer("result").mayOnlyAccessLayers("policy")
                .whereLayer("stats").mayOnlyAccessLayers("result")
                .whereLayer("report").mayOnlyAccessLayers("stats", "result", "policy", "litmus", "check")
                .whereLayer("cli").mayNotBeAccessedByAnyLayer()
                .check(CLASSES);
    }

    @Test
    void noCycles() {
        SlicesRuleDefinition.slices().matching("org.cowbench.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void oneClassTouchesLinker() {
        noClasses().that().doNotHaveFullyQualifiedName("org.cowbench.arena.Libc").should()
                .dependOnClassesThat().areAssignableTo(Linker.class).check(CLASSES);
    }

    @Test
    void policiesAreStateless() {
        classes().that().implement(ReusePolicy.class).should().haveOnlyFinalFields().check(CLASSES);
        for (Policy policy : Policy.shipped()) {
            Assertions.assertThat(List.of(policy.rule().getClass().getDeclaredFields())).as(policy.id()).isEmpty();
        }
    }

    @Test
    void everyPackageHasItsDesignNote() throws IOException {
        Path root = Path.of("src/main/java/org/cowbench");
        try (Stream<Path> folders = Files.walk(root).filter(Files::isDirectory)) {
            for (Path folder : folders.toList()) {
                try (Stream<Path> files = Files.list(folder)) {
                    boolean code = files.anyMatch(file -> file.toString().endsWith(".java"));
                    Assertions.assertThat(!code || Files.exists(folder.resolve("package-info.java")))
                            .as("%s has a package-info.java", folder).isTrue();
                }
            }
        }
    }
}
