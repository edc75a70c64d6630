package org.cowbench.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cowbench.bench.Catalog;
import org.cowbench.bench.Cell;
import org.cowbench.bench.Churn;
import org.cowbench.bench.Suite;
import org.cowbench.policy.Policy;
import org.cowbench.workload.Streams;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code list}: what there is to choose from. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List policies, benchmarks with their parameters, workloads and suites.",
        footer = {"", "Example: ./run-bench.sh list --cells | grep PINNED"})
final class ListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--cells",
            description = "Every benchmark with every parameter set, one a line, as 'run --bench' sees it.")
    private boolean cells;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Cell> all = Catalog.cells();
        if (cells) {
            all.forEach(cell -> out.println(cell.tag()));
        } else {
            policies(out);
            benchmarks(out, all);
            workloads(out);
            suites(out, all);
        }
        out.flush();
        return ExitStatus.OK;
    }

    private static void policies(PrintWriter out) {
        out.println("policies");
        for (Policy policy : Policy.values()) { // The user's own too: here one learns of it.
            out.println(String.format(
                    Locale.ROOT,
                    "  %-12s  %s%s",
                    policy.id(),
                    policy.era(),
                    policy.source().equals("-") ? "" : " (" + policy.source() + ")"));
        }
    }

    private static void benchmarks(PrintWriter out, List<Cell> all) {
        Map<String, Map<String, List<String>>> benchmarks = new LinkedHashMap<>();
        for (Cell cell : all) {
            Map<String, List<String>> params = benchmarks.computeIfAbsent(cell.name(), name -> new LinkedHashMap<>());
            cell.params().forEach((name, value) -> {
                List<String> values = params.computeIfAbsent(name, key -> new ArrayList<>());
                if (!values.contains(value)) {
                    values.add(value);
                }
            });
        }
        out.println("benchmarks");
        benchmarks.forEach((name, params) -> {
            out.println("  " + name);
            params.forEach((param, values) -> out.println("      " + param + ": "
                    + (param.equals(Policy.PARAM) ? "all of the above" : String.join(", ", values))));
        });
    }

    private static void workloads(PrintWriter out) {
        out.println("workloads");
        for (Streams stream : Streams.values()) {
            out.println(String.format(Locale.ROOT, "  %-12s  %s", stream.name(), Churn.accesses(stream)));
        }
    }

    private static void suites(PrintWriter out, List<Cell> all) {
        out.println("suites");
        for (Suite suite : Suite.values()) {
            List<Cell> selected = Suite.distinct(suite.select(all));
            String size = suite == Suite.PUBLISHED ? "" : selected.size() + " benchmarks with their parameters, ";
            out.println(String.format(
                    Locale.ROOT, "  %-9s %s (%s%s)", suite.id(), suite.description(), size, suite.time()));
        }
    }
}
