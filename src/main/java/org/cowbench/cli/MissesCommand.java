package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.bench.Catalog;
import org.cowbench.bench.Cell;
import org.cowbench.bench.Suite;
import org.cowbench.bench.misses.Capacities;
import org.cowbench.bench.misses.MissCounter;
import org.cowbench.policy.Policy;
import org.cowbench.report.run.FaultPath;
import org.cowbench.report.run.MissTable;
import org.cowbench.report.text.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code misses}: what a fault and the primitives of its sum miss, counted without hardware. */
@Command(
        name = "misses",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Count the cache and TLB misses of a write after a read, and of the primitives its cost is held against.",
            "No hardware counts: the measured classes run with every access to their memory recorded. A line or page"
                    + " misses a size if more other ones were used since it was used last, so the counts are the same"
                    + " everywhere. A wait is a stretch between two atomic operations in which a line misses. The Java"
                    + " heap, code and page tables are not counted, and nothing is timed.",
            "Takes a minute and 4 GiB of memory."
        },
        footer = {
            "",
            "Example: ./run-bench.sh misses",
            "Example: ./run-bench.sh misses --caches 1M,36M --tlb 1536 --separate"
        })
final class MissesCommand implements Callable<Integer> {
    private static final String PRIMITIVES = "Primitives.";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--caches",
            paramLabel = "SIZE",
            split = ",",
            converter = SizeConverter.class,
            defaultValue = "2M,32M,480M",
            description = "Sizes of caches, rising. Default: ${DEFAULT-VALUE}.")
    private List<Long> caches;

    @Option(
            names = "--tlb",
            paramLabel = "ENTRIES",
            split = ",",
            defaultValue = "64,2048",
            description = "Sizes of TLBs in entries of 4 KiB, rising. Default: ${DEFAULT-VALUE}.")
    private List<Long> entries;

    @Option(
            names = "--separate",
            description = "Give each policy a fork of its own, as 'run --separate' does, instead of turns in one.")
    private boolean separate;

    @Override
    public Integer call() throws IOException {
        Capacities capacities;
        try {
            capacities = new Capacities(caches, entries);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        MissCounter counter = new MissCounter(capacities);
        List<Cell> cells = Suite.distinct(Catalog.cells());
        Map<FaultPath, double[]> faults = new LinkedHashMap<>();
        Map<String, double[]> primitives = new LinkedHashMap<>();
        Map<String, Map<String, double[]>> shared = new LinkedHashMap<>();
        for (FaultPath path : MissTable.PATHS) {
            List<Cell> lanes = cells.stream()
                    .filter(cell -> cell.name().equals(path.benchmark().id())
                            && cell.params()
                                    .entrySet()
                                    .containsAll(path.params().entrySet()))
                    .filter(cell ->
                            !separate || policy(cell).equals(path.policy().name()))
                    .toList();
            String benchmark = lanes.getFirst().benchmark();
            Map<String, double[]> counts = shared.get(benchmark);
            if (counts == null || separate) {
                List<String> policies =
                        lanes.stream().map(MissesCommand::policy).toList();
                counts = counter.inTurns(benchmark, path.params(), Policy.PARAM, policies);
                shared.put(benchmark, counts);
            }
            faults.put(path, Objects.requireNonNull(counts.get(path.policy().name())));
            for (FaultPath.Part part : path.parts()) {
                if (!primitives.containsKey(part.primitive())) {
                    primitives.put(part.primitive(), counter.alone(full(cells, part.primitive()), Map.of()));
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        TextTable.paragraph(
                out,
                "Misses of an operation: lines of " + Capacities.LINE + " bytes and pages of " + Capacities.PAGE
                        + " that lie farther back than so many bytes or entries, and waits for such lines. Primitives"
                        + " that miss nothing are left out.");
        MissTable.print(capacities.names(), faults, primitives, out);
        out.flush();
        return ExitStatus.OK;
    }

    private static String policy(Cell cell) {
        return cell.params().getOrDefault(Policy.PARAM, "");
    }

    private static String full(List<Cell> cells, String primitive) {
        return cells.stream()
                .filter(cell -> cell.name().equals(PRIMITIVES + primitive))
                .map(Cell::benchmark)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no primitive " + primitive));
    }

    /** Reads a size such as {@code 48K} or {@code 2M}; the value is in bytes. */
    static final class SizeConverter implements ITypeConverter<Long> {
        private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,6})([KMG])");

        @Override
        public Long convert(String text) {
            Matcher size = SIZE.matcher(text);
            if (!size.matches()) {
                throw new TypeConversionException(
                        "'" + text + "' is no size: write a number and K, M or G, such as 2M");
            }
            return Long.parseLong(size.group(1)) << 10 * ("KMG".indexOf(size.group(2)) + 1);
        }
    }
}
