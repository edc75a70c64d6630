package org.cowbench.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.policy.Policy;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownBenchmark;
import org.cowbench.result.Situation;
import org.cowbench.workload.Streams;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;

/** JMH's annotation processor ran, and suites hold what they say. */
class CatalogTest {

    private static Path classes() throws URISyntaxException {
        return Path.of(Catalog.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    /** A JDK from 23 on runs no processor it was not told of, and then everything builds and nothing is measured. */
    @Test
    void everyBenchmarkMethodWasGenerated() throws Exception {
        Set<String> declared = new TreeSet<>();
        try (Stream<Path> files = Files.walk(classes())) {
            files.map(file -> file.getFileName().toString().equals("module-info.class") ? "" : name(file))
                    .filter(name -> name.startsWith("org.cowbench.") && !name.contains("jmh_generated"))
                    .forEach(name -> benchmarks(name).forEach(declared::add));
        }
        Set<String> generated;
        try (var in = Files.newInputStream(classes().resolve("META-INF/BenchmarkList"))) {
            generated = BenchmarkList.readBenchmarkList(in).stream()
                    .map(BenchmarkListEntry::getUsername)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
        assertThat(declared).hasSizeGreaterThan(10);
        assertThat(generated).isEqualTo(declared);
        // The host's kernel is a benchmark of its own command.
        // So is the one in which policies take turns.
        assertThat(Stream.of("org.cowbench.bench", "org.cowbench.bench.turns", "org.cowbench.kernel")
                        .flatMap(name -> Catalog.cells(name).stream())
                        .map(Cell::benchmark)
                        .collect(Collectors.toSet()))
                .isEqualTo(declared);
    }

    private static String name(Path file) {
        try {
            String path = classes().relativize(file).toString();
            return path.endsWith(".class")
                    ? path.substring(0, path.length() - ".class".length()).replace('/', '.')
                    : "";
        } catch (URISyntaxException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static List<String> benchmarks(String className) {
        try {
            Class<?> type = Class.forName(className, false, Catalog.class.getClassLoader());
            return Modifier.isAbstract(type.getModifiers())
                    ? List.of()
                    : Stream.of(type.getMethods())
                            .filter(method -> method.isAnnotationPresent(Benchmark.class))
                            .map(Method::getName)
                            .map(method -> className + "." + method)
                            .toList();
        } catch (ClassNotFoundException e) {
            throw new LinkageError(className, e);
        }
    }

    @Test
    void parametersExpandToEveryValueInDeclaredOrder() {
        List<Cell> cells = Catalog.cells().stream()
                .filter(cell -> cell.name().equals("WriteAfterRead.l2"))
                .toList();
        assertThat(cells).hasSize(Policy.shipped().size() * WriteAfterReadTest.SITUATIONS.size());
        assertThat(cells.stream()
                        .map(cell -> cell.params().get(Situation.PARAM))
                        .distinct())
                .containsExactly(
                        WriteAfterReadTest.SITUATIONS.stream().map(Enum::name).toArray(String[]::new));
        assertThat(cells.getFirst().tag()).isEqualTo("WriteAfterRead.l2;policy=v5.7;situation=SWAPCACHE");
        assertThat(cells.stream().map(cell -> cell.params().get("policy")).distinct())
                .containsExactly(Policy.shipped().stream().map(Enum::name).toArray(String[]::new));
        assertThat(Catalog.withRule(Policy.V7_3))
                .filteredOn(cell -> !Catalog.cells().contains(cell))
                .isNotEmpty()
                .allSatisfy(cell -> assertThat(cell.tag()).contains(";policy=rule"));
        assertThat(cells).allSatisfy(cell -> assertThat(cell.plannedSeconds()).isBetween(0.1, 10.0));
    }

    /** A benchmark that is renamed would be shown without its words, and churn without its counters. */
    @Test
    void whatIsKnownOfBenchmarksIsOfThoseThereAre() {
        assertThat(Catalog.cells())
                .extracting(Cell::name)
                .containsAll(Stream.of(KnownBenchmark.values())
                        .map(KnownBenchmark::id)
                        .filter(id -> !id.startsWith("Guest"))
                        .toList());
    }

    private static List<Cell> ofBasePages() {
        return Catalog.cells().stream()
                .filter(cell -> !cell.params().containsKey(FolioKind.PARAM))
                .toList();
    }

    /** Two names of one class could only show noise as a difference. */
    @Test
    void whatIsTheSameCodeIsMeasuredOnce() {
        List<Cell> once = Suite.distinct(ofBasePages());
        assertThat(once).noneMatch(cell -> cell.tag().contains("policy=v6.15")).anyMatch(cell -> cell.tag()
                .contains("policy=v6.11"));
        List<Cell> alone = ofBasePages().stream()
                .filter(cell -> cell.tag().contains("policy=v6.15"))
                .toList();
        assertThat(Suite.distinct(alone))
                .as("asked for by itself")
                .isEqualTo(alone)
                .isNotEmpty();
        assertThat(Policy.V6_15.alike()).containsExactly(Policy.V6_11, Policy.V6_15);
        assertThat(Policy.V7_3.alike()).containsExactly(Policy.V7_3);
    }

    @Test
    void suitesHoldWhatTheySay() {
        List<Cell> all = Catalog.cells();
        List<Cell> rest = new ArrayList<>(all);
        rest.removeAll(Suite.FULL.select(all));
        rest.removeAll(Suite.FOLIOS.select(all));
        rest.removeAll(Suite.SCALING.select(all));
        assertThat(rest).extracting(Cell::tag).containsExactly("WriteAfterRead.dram;policy=oracle;situation=PINNED");
        assertThat(Suite.QUICK_TIME).isEqualTo(Math.round(Suite.QUICK.seconds() / 60) + " minutes");
        assertThat(Suite.FULL_TIME).isEqualTo(Math.round(Suite.FULL.seconds() / 60) + " minutes");
        assertThat(Suite.FOLIOS_TIME).isEqualTo(Math.round(Suite.FOLIOS.seconds() / 60) + " minutes");
        assertThat(Suite.SCALING_TIME).isEqualTo(Math.round(Suite.SCALING.seconds() / 60) + " minutes");
        List<Cell> quick = Suite.QUICK.select(all);
        assertThat(quick.stream().filter(cell -> cell.name().startsWith("Primitives.")))
                .hasSize(13);
        assertThat(quick.stream().filter(cell -> cell.name().equals("WriteAfterRead.l2")))
                .hasSize(2 * Policy.shipped().size());
        assertThat(quick.stream().filter(cell -> cell.name().equals("Churn.run")))
                .hasSize((int) Policy.shipped().stream()
                        .filter(policy -> !policy.isBound())
                        .count());
        assertThat(all.stream().filter(cell -> cell.name().equals("Churn.run")))
                .hasSize(Policy.shipped().size() * Streams.values().length);
    }
}
