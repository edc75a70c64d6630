package org.cowbench.report.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.text.TextTable;
import org.cowbench.result.FewForks;
import org.cowbench.result.ForkInfo;
import org.cowbench.result.HostSituation;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.RunInfo;

/** The table of a run that measured real faults on this machine's own kernel. */
public final class HostTable {
    /** Name of the suite of such a run. */
    public static final String SUITE = "kernel-host";

    private static final double PICOS_PER_NANO = 1000;
    private static final double PER_THOUSAND = 1000;

    private HostTable() {}

    /**
     * Prints what the faults cost.
     *
     * @param run a run of suite {@link #SUITE}
     * @param out where to
     * @throws IOException if {@code out} does
     */
    static void print(RunView run, Appendable out) throws IOException {
        RunInfo info = run.info();
        boolean bounded = run.blocks().stream()
                .anyMatch(block -> block.rows().getFirst().cost().bounded());
        List<String> heads = new ArrayList<>(List.of("<pages", "forks", "ns"));
        if (bounded) {
            heads.add("95 % interval");
        }
        heads.addAll(List.of("p50", "p99", "copied", "kept", "faults"));
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (RunView.Block block : run.blocks()) {
            RunView.Row row = block.rows().getFirst();
            List<String> cells = new ArrayList<>(List.of(
                    block.situation(),
                    Integer.toString(row.forkValues().length),
                    Numbers.fixed(row.cost().estimate(), 0)));
            if (bounded) {
                cells.add("[" + Numbers.fixed(row.cost().low(), 0) + ", "
                        + Numbers.fixed(row.cost().high(), 0) + "]");
            }
            cells.addAll(List.of(
                    percentile(row, 50),
                    percentile(row, 99),
                    thousand(row, KnownMetric.COPIES),
                    thousand(row, KnownMetric.REUSES),
                    thousand(row, KnownMetric.FAULTS)));
            table.row(cells);
        }
        TextTable.paragraph(out, "cowbench " + info.label() + (bounded ? "" : ": " + FewForks.LOOK));
        RunTable.origin(info, out);
        out.append('\n');
        TextTable.paragraph(
                out,
                "Write to each of the pages on this machine's own kernel, after they were read back from the"
                        + " swap cache");
        table.print(out);
        TextTable.paragraph(
                out,
                Arrays.stream(HostSituation.values())
                        .map(each -> each + ": " + each.words() + ".")
                        .collect(Collectors.joining(" ")));
        TextTable.paragraph(
                out,
                "ns: per page, trap and TLB flush included; geometric mean over forks of the median iteration, lower is"
                        + " better. p50, p99: of single pages, with one clock read (some 20 ns). copied (in another"
                        + " frame than before), kept and faults: of 1000 pages; the JVM's own faults are among them.");
        // What is a disturbance elsewhere is what this run does.
        RunTable.warnings(
                info.warnings().stream()
                        .filter(warning -> !warning.endsWith(ForkInfo.SWAPPED))
                        .toList(),
                out);
    }

    private static String percentile(RunView.Row row, double percent) {
        return row.histogram()
                .map((Histogram histogram) ->
                        Numbers.fixed(histogram.getValueAtPercentile(percent) / PICOS_PER_NANO, 0))
                .orElse("n/a");
    }

    private static String thousand(RunView.Row row, KnownMetric counter) {
        return Numbers.small(row.perOperation(counter) * PER_THOUSAND);
    }
}
