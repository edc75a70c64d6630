package org.cowbench.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.compare.Comparison.Curves;
import org.cowbench.compare.Comparison.Kind;
import org.cowbench.compare.Comparison.Row;
import org.cowbench.compare.Comparison.Shift;
import org.cowbench.stats.Forks;
import org.cowbench.stats.Interval;
import org.cowbench.stats.SimultaneousBand;

/** How whole distributions moved, beyond single percentiles. */
final class Distributions {
    private Distributions() {}

    /** The paired percentiles of each benchmark together; blocks in which one of them is missing are left out. */
    static List<Shift> shifts(List<Draft> drafts, SeriesNames names, double confidence, long seed) {
        Map<Series, List<Draft>> bySeries = new LinkedHashMap<>();
        for (Draft draft : drafts) {
            boolean percentile = draft.kind() == Kind.PERCENTILE
                    && Histograms.names(draft.metric().name());
            if (percentile && draft.pairsByBlock() != null && draft.ratio()) {
                bySeries.computeIfAbsent(draft.head(), key -> new ArrayList<>()).add(draft);
            }
        }
        List<Shift> shifts = new ArrayList<>();
        for (List<Draft> percentiles : bySeries.values()) {
            int count = percentiles.getFirst().pairs().size();
            if (percentiles.size() < 2
                    || percentiles.stream().anyMatch(draft -> draft.pairs().size() != count)) {
                continue;
            }
            double[][] matrix = new double[count][percentiles.size()];
            double[] fractions = new double[percentiles.size()];
            for (int p = 0; p < percentiles.size(); p++) {
                Draft draft = percentiles.get(p);
                int index =
                        Arrays.asList(Histograms.NAMES).indexOf(draft.metric().name());
                fractions[p] = Histograms.FRACTIONS[index];
                for (int block = 0; block < count; block++) {
                    matrix[block][p] = Forks.mean(draft.pairs().get(block));
                }
            }
            Interval[] band = SimultaneousBand.of(matrix, confidence, seed);
            shifts.add(new Shift(
                    names.tag(percentiles.getFirst().head()),
                    fractions,
                    Arrays.stream(band)
                            .map(interval -> Judge.back(interval, true))
                            .toArray(Interval[]::new)));
        }
        return List.copyOf(shifts);
    }

    /** The curves of the scores that are looked at first, of those that have any. */
    static List<Curves> curves(List<Draft> drafts, List<Row> rows) {
        IdentityHashMap<Row, Curves> curves = new IdentityHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            Draft draft = drafts.get(i);
            double[][] base = draft.base().curves();
            double[][] head = draft.head().curves();
            if (draft.kind() == Kind.SCORE && base != null && head != null) {
                Row row = rows.get(i);
                curves.put(row, new Curves(row.tag(), Histograms.GRID, base, head, Histograms.unit(row.unit())));
            }
        }
        return CompareView.foremost(rows, CompareView.MOST_LOOKED_AT, curves::containsKey).stream()
                .map(curves::get)
                .toList();
    }
}
