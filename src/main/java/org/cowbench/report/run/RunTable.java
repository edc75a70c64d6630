package org.cowbench.report.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.cowbench.compare.Units;
import org.cowbench.policy.Policy;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.text.TextTable;
import org.cowbench.report.text.Wording;
import org.cowbench.result.Environment;
import org.cowbench.result.FewForks;
import org.cowbench.result.FolioKind;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.RunInfo;
import org.cowbench.stats.Interval;
import org.cowbench.stats.Letters;

/** The tables at the end of a run: plain ASCII, at most {@value TextTable#WIDTH} columns, the same in every locale. */
public final class RunTable {

    private static final String PRIMITIVES = "Primitives.";
    private static final int MOST_WARNINGS = 12;

    private final RunView run;
    private final Appendable out;

    private RunTable(RunView run, Appendable out) {
        this.run = run;
        this.out = out;
    }

    /**
     * Prints all tables of a run.
     *
     * @param result the run
     * @param out where to
     * @throws IOException if {@code out} does
     * @throws org.cowbench.result.ResultException if the run's histograms cannot be read
     */
    public static void print(ResultDirectory result, Appendable out) throws IOException {
        print(RunView.of(result), out, FaultPath.ALL);
    }

    static void print(RunView run, Appendable out, List<FaultPath> paths) throws IOException {
        if (run.info().suite().equals(HostTable.SUITE)) {
            HostTable.print(run, out);
            return;
        }
        RunTable table = new RunTable(run, out);
        table.header();
        for (RunView.Block block : run.blocks(RunView.Kind.COST)) {
            table.costs(block);
            table.events(block);
        }
        table.sizes();
        for (RunView.Block block : run.blocks(RunView.Kind.CHURN)) {
            table.costs(block);
            table.events(block);
            table.churn(block);
        }
        for (ScalingGrid grid : ScalingGrid.of(run)) {
            out.append('\n');
            grid.print(out);
        }
        table.primitives();
        table.sums(paths);
        warnings(run.info().warnings(), out);
    }

    private void header() throws IOException {
        RunInfo info = run.info();
        TextTable.paragraph(out, "cowbench " + info.label());
        if (run.disturbed() > 0) {
            TextTable.paragraph(out, RunWording.disturbed(run));
        }
        TextTable.paragraph(out, RunWording.evidence(run));
        origin(info, out);
        TextTable.paragraph(out, Wording.MODEL.replace("Model:", "model:") + " Lower is better.");
        TextTable.paragraph(
                out,
                "ns: geometric mean over forks of the median iteration; interval: 95 % t over forks, from 3 forks on;"
                        + " vs " + Policy.BASE.id()
                        + ": geometric mean of the ratios of forks in the same block of the"
                        + " schedule"
                        + (unpaired() ? " (~: not paired, drift not controlled)" : "")
                        + "; alike: rows that share a letter cannot be told apart (95 % over all pairs, "
                        + Numbers.compact(100 * Letters.BOUND, 2) + " %"
                        + (run.blocks(RunView.Kind.CHURN).isEmpty()
                                ? ""
                                : " or, of streams, what policies with equal counters differ by")
                        + "); copies, reuses: per 1000 operations"
                        + (Arrays.stream(FolioKind.values()).anyMatch(this::has) ? ", of folios per folio" : "")
                        + "; bytes: copied per operation");
        if (RunWording.marked(run)) {
            TextTable.paragraph(out, Wording.MARKED);
        }
        if (!RunWording.safety(run).isEmpty()) {
            TextTable.paragraph(out, RunWording.safety(run));
        }
        if (run.info().environment().containsKey(Environment.EVENTS)) {
            TextTable.paragraph(
                    out,
                    "hardware counters: "
                            + TextTable.ascii(run.info().environment().get(Environment.EVENTS)));
        }
        for (String change : RunWording.changes(run)) {
            TextTable.paragraph(out, "  " + change);
        }
        String rule = RunWording.rule(run);
        if (!rule.isEmpty()) {
            TextTable.paragraph(out, TextTable.ascii(rule));
        }
    }

    /** Which sources were measured when, and where. */
    static void origin(RunInfo info, Appendable out) throws IOException {
        String started = info.started().isEmpty() ? "" : ", " + info.started();
        String seconds = info.seconds() > 0 ? ", " + Numbers.fixed(info.seconds(), 0) + " s" : "";
        TextTable.paragraph(
                out,
                "commit " + RunWording.commit(info) + started + seconds
                        + (info.complete() ? "" : ", INCOMPLETE: the run was cut short, what finished is shown"));
        TextTable.paragraph(out, "machine: " + machine(info.environment()));
    }

    private boolean unpaired() {
        return run.blocks().stream().flatMap(block -> block.rows().stream()).anyMatch(RunTable::unpaired);
    }

    private static boolean unpaired(RunView.Row row) {
        return !row.paired() && Double.isFinite(row.ratio().estimate());
    }

    private static String machine(Map<String, String> environment) {
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("cpu.model", "");
        shown.put("cpu.online", "CPUs ");
        shown.put("cpu.hypervisor", "virtual ");
        shown.put("cpu.governor", "governor ");
        shown.put("memory.total", "memory ");
        shown.put("kernel.release", "Linux ");
        shown.put("thp.enabled", "THP ");
        shown.put("swap", "swap ");
        shown.put("jdk", "");
        StringJoiner text = new StringJoiner(", ");
        shown.forEach((key, prefix) -> {
            if (environment.containsKey(key)) {
                text.add(prefix + environment.get(key));
            }
        });
        return text.length() == 0 ? "unknown" : text.toString();
    }

    private void costs(RunView.Block block) throws IOException {
        String meaning = RunWording.meaning(block);
        out.append('\n');
        TextTable.paragraph(
                out,
                block.benchmark() + " " + block.situation() + (meaning.isEmpty() ? "" : " (" + meaning + ")") + ", per "
                        + RunWording.operation(block));
        boolean intervals = block.rows().stream().anyMatch(row -> row.cost().bounded());
        boolean forks = block.rows().stream()
                .anyMatch(row -> row.failed() > 0 || row.forkValues().length != RunView.forkRange(run.blocks())[1]);
        List<String> heads = new ArrayList<>(List.of("<policy"));
        if (forks) {
            heads.add("forks");
        }
        heads.add(unit(block));
        if (intervals) {
            heads.add("95 % interval");
        }
        boolean ranking = !run.mostlyDisturbed();
        if (ranking) {
            heads.add("vs " + Policy.BASE.id());
            if (intervals) {
                heads.add("95 % interval");
            }
        }
        if (block.ranked()) {
            heads.add("<alike");
        }
        heads.add(KnownMetric.COPIES.head());
        boolean reuses = block.reuses();
        // A fault copies a page or nothing: reuses say more than bytes, and there is no room for both.
        heads.add(reuses ? KnownMetric.REUSES.head() : "bytes");
        boolean folios = block.params().containsKey(FolioKind.PARAM);
        if (folios) {
            heads.add(KnownMetric.FAULTS.head());
        }
        heads.add("<safety");
        double operations = folios ? 1 : 1000;
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (int i = 0; i < block.rows().size(); i++) {
            RunView.Row row = block.rows().get(i);
            List<String> cells = new ArrayList<>();
            cells.add(row.name());
            if (forks) {
                int delivered = row.forkValues().length;
                cells.add(delivered + (row.failed() > 0 ? "/" + (delivered + row.failed()) : ""));
            }
            cells.add(known(row.cost()));
            if (intervals) {
                cells.add(interval(row.cost()));
            }
            if (ranking) {
                boolean base = row.policy().filter(Policy.BASE::equals).isPresent();
                cells.add(base ? "1" : (unpaired(row) ? "~" : "") + known(row.ratio()));
                if (intervals) {
                    cells.add(base ? "" : interval(row.ratio()));
                }
            }
            if (block.ranked()) {
                cells.add(block.letters().get(i));
            }
            cells.add(Numbers.small(row.perOperation(KnownMetric.COPIES) * operations));
            cells.add(
                    reuses
                            ? Numbers.small(row.perOperation(KnownMetric.REUSES) * operations)
                            : whole(row.perOperation(KnownMetric.BYTES_COPIED)));
            if (folios) {
                cells.add(Numbers.small(row.perOperation(KnownMetric.FAULTS)));
            }
            cells.add(TextTable.ascii(RunWording.safety(row)));
            table.row(cells);
        }
        table.print(out);
    }

    /** Which policies have no rows of a size, as their kernels have no such folios: they are not free of cost. */
    private void sizes() throws IOException {
        for (FolioKind kind : FolioKind.values()) {
            String none = Policy.shipped().stream()
                    .filter(policy -> !policy.hasFolios(kind.pmd()))
                    .map(Policy::id)
                    .collect(Collectors.joining(", "));
            if (!none.isEmpty() && has(kind)) {
                out.append('\n');
                TextTable.paragraph(
                        out, "Folios of " + kind.words() + ": no row of " + none + ", whose kernels have none.");
            }
        }
    }

    private boolean has(FolioKind kind) {
        return run.blocks().stream()
                .anyMatch(block -> kind.name().equals(block.params().get(FolioKind.PARAM)));
    }

    /** What the processor counted an operation, where it did. */
    private void events(RunView.Block block) throws IOException {
        List<KnownMetric> counted = block.events();
        if (counted.isEmpty()) {
            return;
        }
        List<String> heads = new ArrayList<>(List.of("<policy"));
        counted.forEach(event -> heads.add(event.head()));
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (RunView.Row row : block.rows()) {
            List<String> cells = new ArrayList<>(List.of(row.name()));
            counted.forEach(event -> cells.add(Numbers.compact(row.perOperation(event), 3)));
            table.row(cells);
        }
        out.append('\n');
        TextTable.paragraph(
                out, block.benchmark() + " " + block.situation() + ", counted per " + RunWording.operation(block));
        table.print(out);
    }

    private static String unit(RunView.Block block) {
        return block.rows().isEmpty()
                ? "ns"
                : Units.perOperation(block.rows().getFirst().unit());
    }

    private void churn(RunView.Block block) throws IOException {
        out.append('\n');
        TextTable.paragraph(out, block.benchmark() + " " + block.situation() + ", counters per 1000 accesses");
        List<String> heads = new ArrayList<>(List.of("<policy"));
        List<ChurnCounter> counters = ChurnCounter.recorded(List.of(block));
        counters.forEach(counter -> heads.add(counter.metric().head()));
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (RunView.Row row : block.rows()) {
            List<String> cells = new ArrayList<>(List.of(row.name()));
            counters.forEach(counter -> cells.add(counter.cell(row)));
            table.row(cells);
        }
        table.print(out);
    }

    private void primitives() throws IOException {
        List<RunView.Block> blocks = run.blocks(RunView.Kind.PRIMITIVE).stream()
                .filter(block -> !ScalingGrid.has(block))
                .toList();
        if (blocks.isEmpty()) {
            return;
        }
        out.append('\n');
        TextTable.paragraph(out, "Primitives (floors of what a fault does)");
        TextTable table = new TextTable("<primitive", "forks", "cost", "<unit", "95 % interval");
        for (RunView.Block block : blocks) {
            RunView.Row row = block.rows().getFirst();
            String params = block.situation().isEmpty() ? "" : " " + block.situation();
            table.row(List.of(
                    TextTable.ascii(simple(block.benchmark()) + params),
                    Integer.toString(row.forkValues().length),
                    known(row.cost()),
                    row.unit(),
                    interval(row.cost())));
        }
        table.print(out);
    }

    private static String simple(String benchmark) {
        return benchmark.startsWith(PRIMITIVES) ? benchmark.substring(PRIMITIVES.length()) : benchmark;
    }

    private void sums(List<FaultPath> paths) throws IOException {
        Map<String, Double> floors = new LinkedHashMap<>();
        run.blocks(RunView.Kind.PRIMITIVE)
                .forEach(block -> floors.put(
                        simple(block.benchmark()),
                        block.rows().getFirst().cost().estimate()));
        TextTable table = new TextTable("<path", "<policy", "measured ns", "sum ns", "ratio");
        List<String> sums = new ArrayList<>();
        for (FaultPath path : paths) {
            Optional<RunView.Row> row = run.blocks(RunView.Kind.COST).stream()
                    .filter(block -> block.benchmark().equals(path.benchmark().id())
                            && block.params().equals(path.params()))
                    .findFirst()
                    .flatMap(block -> block.row(path.policy()));
            List<String> missing = path.parts().stream()
                    .map(FaultPath.Part::primitive)
                    .filter(primitive -> !floors.containsKey(primitive))
                    .toList();
            if (row.isEmpty() || floors.isEmpty()) {
                continue;
            }
            double measured = row.get().cost().estimate();
            double sum = path.parts().stream()
                    .mapToDouble(part -> part.count() * floors.getOrDefault(part.primitive(), Double.NaN))
                    .sum();
            table.row(List.of(
                    path.name(),
                    path.policy().id(),
                    known(row.get().cost()),
                    asKnown(sum, row.get().cost()),
                    asKnown(measured / sum, row.get().cost())));
            sums.add(path.name() + " = " + parts(path)
                    + (missing.isEmpty() ? "" : "; not measured: " + String.join(", ", missing)));
        }
        if (!sums.isEmpty()) {
            out.append('\n');
            TextTable.paragraph(out, "Measured cost against the sum of its primitives");
            table.print(out);
            for (String line : sums) {
                TextTable.paragraph(out, line);
            }
        }
    }

    private static String parts(FaultPath path) {
        StringBuilder text = new StringBuilder();
        for (FaultPath.Part part : path.parts()) {
            double count = Math.abs(part.count());
            text.append(part.count() < 0 ? " - " : text.isEmpty() ? "" : " + ");
            text.append(count == 1 ? "" : Numbers.compact(count, 3) + " ").append(part.primitive());
        }
        return text.toString();
    }

    static void warnings(List<String> warnings, Appendable out) throws IOException {
        List<String> lines = new ArrayList<>();
        warnings.stream()
                .filter(warning -> !FewForks.isSaid(warning)) // The head has said it.
                .forEach(warning -> lines.add("warning: " + warning));
        if (lines.size() > MOST_WARNINGS) {
            int more = lines.size() - MOST_WARNINGS;
            lines.subList(MOST_WARNINGS, lines.size()).clear();
            lines.add("warning: and " + more + " more, see run.json");
        }
        if (!lines.isEmpty()) {
            out.append('\n');
        }
        for (String line : lines) {
            TextTable.paragraph(out, line);
        }
    }

    /** A number with as many digits as are known of another. */
    private static String asKnown(double value, Interval other) {
        return Numbers.known(value, value * other.low() / other.estimate(), value * other.high() / other.estimate());
    }

    private static String known(Interval value) {
        return Numbers.known(value.estimate(), value.low(), value.high());
    }

    private static String interval(Interval value) {
        return Numbers.bounds(value.estimate(), value.low(), value.high());
    }

    private static String whole(double value) {
        return value > 0 && value < 0.5 ? "<1" : Numbers.fixed(value, 0);
    }
}
