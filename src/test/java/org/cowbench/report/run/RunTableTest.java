package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.cowbench.bench.Primitives;
import org.cowbench.golden.Golden;
import org.cowbench.policy.Policy;
import org.cowbench.report.text.TextTable;
import org.cowbench.result.KnownBenchmark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.annotations.Benchmark;

class RunTableTest {
    private static final RunView ONE_FORK = SyntheticRun.small(1);
    private static final RunView THREE_FORKS = SyntheticRun.small(3);

    private static final List<FaultPath> PATHS = List.of(
            path(
                    "copy",
                    Policy.V5_9,
                    new FaultPath.Part("copyWarm", 1),
                    new FaultPath.Part("refGetPut", 2.5),
                    new FaultPath.Part("empty", -1)),
            path("reuse", Policy.V5_19, new FaultPath.Part("lockUnlock", 1), new FaultPath.Part("tlbFlush", 1)),
            path("elsewhere", Policy.WILCOX, new FaultPath.Part("copyWarm", 1)));

    private static FaultPath path(String name, Policy policy, FaultPath.Part... parts) {
        return new FaultPath(
                name, KnownBenchmark.WRITE_AFTER_READ_L2, Map.of("situation", "SWAPCACHE"), policy, List.of(parts));
    }

    private static String print(RunView run) throws IOException {
        StringBuilder out = new StringBuilder();
        RunTable.print(run, out, PATHS);
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-US", "tr-TR", "de-DE", "ar-EG-u-nu-arab"})
    void tablesMatchTheirGoldenFilesInEveryLocale(String locale) throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag(locale));
            Golden.check("report/table-quick.txt", print(SyntheticRun.small(1)));
            Golden.check("report/table-full.txt", print(SyntheticRun.small(3)));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void fifteenPoliciesFitInAHundredAsciiColumns() throws IOException {
        String table = print(SyntheticRun.full());
        assertThat(table.lines()).allSatisfy(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo(TextTable.WIDTH)
                .matches("[ -~]*")
                .doesNotEndWith(" "));
        for (Policy policy : Policy.shipped()) {
            assertThat(table).containsPattern("(?m)^" + policy.id().replace(".", "\\.") + "!? ");
        }
    }

    /** Three forks on a disturbed machine can give bounds of any size. */
    @Test
    void wildForksDoNotPushColumnsApart() throws IOException {
        StringBuilder out = new StringBuilder();
        RunTable.print(SyntheticRun.wild(), out, FaultPath.ALL);
        assertThat(out.toString()).contains("M]");
        assertThat(out.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(TextTable.WIDTH));
    }

    @Test
    void oneForkIsCalledALook() throws IOException {
        assertThat(print(ONE_FORK)).contains("a look, not a claim (1 fork)").doesNotContain("[");
        assertThat(print(THREE_FORKS)).contains("3 forks a policy").doesNotContain("not a claim");
    }

    @Test
    void theModelsLimitsAreStated() throws IOException {
        assertThat(print(ONE_FORK)).contains("model: no trap, no TLB shoot-down, no interrupt. Lower is better.");
    }

    @Test
    void everyCostHasItsVerdict() throws IOException {
        String table = print(ONE_FORK);
        assertThat(table.lines().filter(line -> line.startsWith("oracle") && line.endsWith(" -pins")))
                .hasSize(5);
        assertThat(table.lines().filter(line -> line.startsWith("v5.9") && line.endsWith(" +secrecy +2")))
                .hasSize(5);
    }

    @Test
    void sumsNameWhatIsMissing() throws IOException {
        assertThat(print(THREE_FORKS))
                .contains("copy = copyWarm + 2.5 refGetPut - empty\n")
                .containsPattern("(?m)^reuse +v5\\.19 .*n/a +n/a$")
                .contains("reuse = lockUnlock + tlbFlush; not measured: tlbFlush\n")
                .doesNotContain("elsewhere");
    }

    /** The counts are kept beside the report, the primitives beside the benchmarks: they must know each other. */
    @Test
    void pathsAreMadeOfPrimitivesThatExist() {
        List<String> methods = Arrays.stream(Primitives.class.getMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(Method::getName)
                .toList();
        for (FaultPath path : FaultPath.ALL) {
            assertThat(path.parts())
                    .extracting(FaultPath.Part::primitive)
                    .as(path.name())
                    .isSubsetOf(methods);
            assertThat(path.parts().stream().mapToDouble(FaultPath.Part::count).sum())
                    .isPositive();
        }
    }

    @Test
    void nothingIsPrintedAsMoreThanItIs() {
        assertThat(TextTable.ascii("b\u00e4d\nline\t\u2713")).isEqualTo("b\\u00e4d line \\u2713");
    }
}
