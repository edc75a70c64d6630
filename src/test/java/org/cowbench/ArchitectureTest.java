package org.cowbench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.junit.jupiter.api.Test;

/** The arrows between packages point one way. */
class ArchitectureTest {
    private static final String ROOT = "org.cowbench.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.cowbench");

    /** Every arrow there is, and no other: one that nothing uses any more is taken out, a new one is a decision. */
    private static final String ARROWS = """
        ab: compare kernel noise result stats
        arena:
        bench: arena machine noise policy result stats workload
        check: arena litmus machine policy
        cli: ab bench check compare kernel litmus noise policy published report result review stats workload
        compare: noise policy result stats
        kernel: arena bench check litmus machine noise policy result
        litmus: arena machine policy
        machine: arena policy
        noise: arena result
        policy:
        published: arena machine policy result workload
        report: check compare litmus policy published result review stats
        result:
        review: check compare kernel litmus policy result stats
        stats:
        workload:
        """;

    /** The same inside package report. */
    private static final String REPORT_ARROWS = """
        chart:
        check: text
        compare: chart html text
        html: chart
        kernel: chart html text
        litmus: text
        published: chart text
        review: chart compare html text
        run: chart html kernel text
        text: chart
        """;

    @Test
    void arrows() {
        arrows(ROOT, ARROWS);
        arrows(ROOT + "report.", REPORT_ARROWS);
    }

    private static void arrows(String root, String expected) {
        Map<String, Map<String, String>> arrows = new TreeMap<>();
        for (JavaClass from : CLASSES) {
            if (!from.getPackageName().startsWith(root)) {
                continue;
            }
            Map<String, String> targets = arrows.computeIfAbsent(layer(from, root), layer -> new TreeMap<>());
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                if (target.getPackageName().startsWith(root)
                        && !layer(target, root).equals(layer(from, root))) {
                    targets.put(layer(target, root), dependency.getDescription());
                }
            }
        }
        StringBuilder found = new StringBuilder();
        arrows.forEach((layer, targets) -> found.append(layer)
                .append(':')
                .append(targets.keySet().stream().map(target -> " " + target).collect(Collectors.joining()))
                .append('\n'));
        Assertions.assertThat(found.toString()).as("%s", arrows).isEqualTo(expected);
    }

    private static String layer(JavaClass of, String root) {
        return of.getPackageName().substring(root.length()).split("\\.")[0];
    }

    @Test
    void noCycles() {
        SlicesRuleDefinition.slices()
                .matching("org.cowbench.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
        SlicesRuleDefinition.slices()
                .matching("org.cowbench.report.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void oneClassTouchesLinker() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.cowbench.arena.Libc")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Linker.class)
                .check(CLASSES);
    }

    @Test
    void policiesAreStateless() {
        classes()
                .that()
                .implement(ReusePolicy.class)
                .should()
                .haveOnlyFinalFields()
                .check(CLASSES);
        for (Policy policy : Policy.shipped()) {
            Assertions.assertThat(List.of(policy.rule().getClass().getDeclaredFields()))
                    .as(policy.id())
                    .isEmpty();
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
                            .as("%s has a package-info.java", folder)
                            .isTrue();
                }
            }
        }
    }
}
