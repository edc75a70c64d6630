package org.cowbench.report.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.cowbench.compare.Units;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.text.TextTable;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.MeasurementKey;
import org.cowbench.result.Tag;

/**
 * A benchmark by the frames of the machine and the processes that share them.
 *
 * @param benchmark {@code Class.method}
 * @param meaning what is done, in words
 * @param unit unit of its scores
 * @param operation what one of them is of
 * @param rows by processes, then by frames; not every pair need be there
 */
record ScalingGrid(
        String benchmark,
        String meaning,
        String unit,
        String operation,
        SortedMap<Integer, SortedMap<Integer, RunView.Row>> rows) {
    private static final String NUMBER = "[1-9][0-9]{0,8}";
    private static final int DIGITS = 3;

    /** Whether a block is a point of one. */
    static boolean has(RunView.Block block) {
        MeasurementKey key = block.key();
        return key.own()
                && block.kind() == RunView.Kind.PRIMITIVE
                && key.params().size() == 2
                && key.params().getOrDefault(Tag.FRAMES_PARAM, "").matches(NUMBER)
                && key.params().getOrDefault(Tag.PROCESSES_PARAM, "").matches(NUMBER);
    }

    /** All of a run, in the order of its blocks. */
    static List<ScalingGrid> of(RunView run) {
        Map<String, ScalingGrid> grids = new LinkedHashMap<>();
        for (RunView.Block block : run.blocks(RunView.Kind.PRIMITIVE)) {
            if (has(block) && block.rows().getFirst().cost().estimate() > 0) {
                Map<String, String> params = block.params();
                grids.computeIfAbsent(
                                block.benchmark() + block.unit(),
                                name -> new ScalingGrid(
                                        block.benchmark(),
                                        RunWording.meaning(block),
                                        block.unit(),
                                        RunWording.operation(block),
                                        new TreeMap<>()))
                        .rows
                        .computeIfAbsent(number(params, Tag.PROCESSES_PARAM), processes -> new TreeMap<>())
                        .put(number(params, Tag.FRAMES_PARAM), block.rows().getFirst());
            }
        }
        return List.copyOf(grids.values());
    }

    private static int number(Map<String, String> params, String name) {
        return Integer.parseInt(params.getOrDefault(name, ""));
    }

    /** All numbers of frames. */
    List<Integer> frames() {
        TreeSet<Integer> frames = new TreeSet<>();
        rows.values().forEach(each -> frames.addAll(each.keySet()));
        return List.copyOf(frames);
    }

    /** Bytes that a pass touches for each frame, by the largest machine; NaN where that was not recorded. */
    double bytesOfFrame() {
        return rows.values().stream()
                .flatMap(each -> each.entrySet().stream())
                .max(Map.Entry.comparingByKey())
                .map(each -> each.getValue().perOperation(KnownMetric.WORKING_SET) / each.getKey())
                .orElse(Double.NaN);
    }

    /** The largest memory of a machine by the data of its frames; NaN where it was not recorded. */
    double memory(int frameBytes) {
        return rows.values().stream()
                .flatMap(each -> each.entrySet().stream())
                .mapToDouble(each -> each.getValue().perOperation(KnownMetric.MACHINE_MEMORY)
                        / ((double) each.getKey() * frameBytes))
                .max()
                .orElse(Double.NaN);
    }

    /** Prints the costs, a line a size of memory. */
    void print(Appendable out) throws IOException {
        TextTable.paragraph(
                out,
                benchmark + " (" + meaning + "), " + Units.perOperation(unit) + " per " + operation
                        + " by frames and processes");
        List<String> heads = new ArrayList<>(List.of("frames"));
        rows.keySet().forEach(processes -> heads.add(processes == 1 ? "1 process" : processes.toString()));
        TextTable table = new TextTable(heads.toArray(String[]::new));
        for (int size : frames()) {
            List<String> cells = new ArrayList<>(List.of(Integer.toString(size)));
            rows.values().forEach(each -> {
                RunView.Row row = each.get(size);
                cells.add(row == null ? "-" : Numbers.compact(row.cost().estimate(), DIGITS));
            });
            table.row(cells);
        }
        table.print(out);
        double most = memory(4096);
        if (Double.isFinite(most)) {
            TextTable.paragraph(
                    out,
                    "Memory of the machine, its swap device included: at most " + Numbers.fixed(most, 3)
                            + " times frames x 4 KiB.");
        }
    }
}
