package org.cowbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.foreign.Linker;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.junit.jupiter.api.Test;

/** The arrows between packages point one way. */
class ArchitectureTest {
    private static final String ROOT = "org.cowbench.";
    private static final Path CLASSES = Path.of("target/classes");
    private static final Pattern DESCRIPTOR = Pattern.compile("L([\\w/$]+)[;<]");

    /** The classes of the program, JMH's own left out, each with those that it names. */
    private static final Map<String, Set<String>> NAMED = named();

    private static Map<String, Set<String>> named() {
        Map<String, Set<String>> named = new TreeMap<>();
        try (Stream<Path> files = Files.walk(CLASSES.resolve("org/cowbench"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class")
                            && !each.toString().contains("/jmh_generated/"))
                    .toList()) {
                String name = CLASSES.relativize(file).toString().replace(".class", "");
                named.put(name.replace('/', '.'), named(Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return named;
    }

    /** In its code, and in the types of its fields, methods and annotations. */
    private static Set<String> named(byte[] bytes) {
        Set<String> named = new TreeSet<>();
        for (PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
            switch (entry) {
                case ClassEntry used -> named.add(used.asInternalName().replace('/', '.'));
                case Utf8Entry text ->
                    DESCRIPTOR
                            .matcher(text.stringValue())
                            .results()
                            .forEach(type -> named.add(type.group(1).replace('/', '.')));
                default -> {}
            }
        }
        return named;
    }

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
        assertThat(NAMED).hasSizeGreaterThan(400);
        arrows(ROOT, ARROWS);
        arrows(ROOT + "report.", REPORT_ARROWS);
    }

    private static void arrows(String root, String expected) {
        Map<String, Map<String, String>> arrows = arrows(root);
        StringBuilder found = new StringBuilder();
        arrows.forEach((layer, targets) -> found.append(layer)
                .append(':')
                .append(targets.keySet().stream().map(target -> " " + target).collect(Collectors.joining()))
                .append('\n'));
        assertThat(found.toString()).as("%s", arrows).isEqualTo(expected);
    }

    /** Each layer's targets, with a class of either for whoever looks for the reason. */
    private static Map<String, Map<String, String>> arrows(String root) {
        Map<String, Map<String, String>> arrows = new TreeMap<>();
        NAMED.forEach((from, named) -> {
            String layer = layer(from, root);
            if (!layer.isEmpty()) {
                Map<String, String> targets = arrows.computeIfAbsent(layer, each -> new TreeMap<>());
                for (String to : named) {
                    String target = layer(to, root);
                    if (!target.isEmpty() && !target.equals(layer)) {
                        targets.put(target, from + " names " + to);
                    }
                }
            }
        });
        return arrows;
    }

    /** The package below the root that a class is in or below; empty where there is none. */
    private static String layer(String type, String root) {
        int end = type.startsWith(root) ? type.indexOf('.', root.length()) : -1;
        return end < 0 ? "" : type.substring(root.length(), end);
    }

    /** What is left when all that names nothing left is taken away, again and again, is a cycle. */
    @Test
    void noCycles() {
        for (String root : List.of(ROOT, ROOT + "report.")) {
            Map<String, Set<String>> left = new TreeMap<>();
            arrows(root).forEach((layer, targets) -> left.put(layer, new TreeSet<>(targets.keySet())));
            while (left.values().removeIf(Set::isEmpty)) {
                left.values().forEach(targets -> targets.retainAll(left.keySet()));
            }
            assertThat(left).as(root).isEmpty();
        }
    }

    @Test
    void oneClassTouchesLinker() {
        assertThat(NAMED.entrySet().stream()
                        .filter(each -> each.getValue().stream()
                                .anyMatch(name -> (name + "$").startsWith(Linker.class.getName() + "$")))
                        .map(Map.Entry::getKey))
                .containsExactly("org.cowbench.arena.Libc");
    }

    @Test
    void policiesAreStateless() throws ClassNotFoundException {
        int policies = 0;
        for (String name : NAMED.keySet()) {
            Class<?> type = Class.forName(name, false, getClass().getClassLoader());
            if (ReusePolicy.class.isAssignableFrom(type)) {
                policies++;
                for (Field field : type.getDeclaredFields()) {
                    assertThat(Modifier.isFinal(field.getModifiers()))
                            .as("%s is final", field)
                            .isTrue();
                }
            }
        }
        assertThat(policies).isGreaterThan(Policy.shipped().size());
        for (Policy policy : Policy.shipped()) {
            assertThat(policy.rule().getClass().getDeclaredFields())
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
                    assertThat(!code || Files.exists(folder.resolve("package-info.java")))
                            .as("%s has a package-info.java", folder)
                            .isTrue();
                }
            }
        }
    }

    /** What is longer than a reader keeps in mind says why, in its first comment. */
    @Test
    void longFilesSayWhy() throws IOException {
        int looked = 0;
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            for (Path file : files.filter(each -> each.toString().matches(".*\\.(java|c|h|sh|pl|md|json|tla)")
                            && !each.startsWith("src/test/resources"))
                    .toList()) {
                looked++;
                List<String> lines = Files.readAllLines(file);
                assertThat(lines.size() < 500
                                || lines.subList(0, 60).stream()
                                        .anyMatch(line -> line.contains("Longer than other files")))
                        .as("%s: %d lines", file, lines.size())
                        .isTrue();
            }
        }
        assertThat(looked).isGreaterThan(800);
    }
}
