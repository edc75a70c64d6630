package org.cowbench.report.run;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.cowbench.report.chart.Numbers;
import org.cowbench.result.KnownMetric;
import org.cowbench.result.KnownMetric.Unit;

/**
 * A counter of the churn benchmarks as people read it: of 1000 accesses, bytes in KiB; frames and memory as they are.
 *
 * @param metric what is counted
 */
record ChurnCounter(KnownMetric metric) {
    private static final double ACCESSES = 1000;
    private static final double KIB = 1024;

    /** What a picture need not say beside copies and reads. */
    private static final Set<KnownMetric> NOT_DRAWN = EnumSet.of(KnownMetric.REUSES, KnownMetric.FRAMES_ALLOCATED);

    /** All that are costs, and what stands against copies, in order. */
    static final List<ChurnCounter> ALL = Arrays.stream(KnownMetric.values())
            .filter(metric -> metric.cost() || metric == KnownMetric.REUSES)
            .map(ChurnCounter::new)
            .toList();

    /** The counters that were recorded. */
    static List<ChurnCounter> recorded(List<RunView.Block> blocks) {
        return ALL.stream()
                .filter(counter -> blocks.stream()
                        .flatMap(block -> block.rows().stream())
                        .anyMatch(row -> row.counters().containsKey(counter.metric.id())))
                .toList();
    }

    /** Those of them that a picture shows. */
    static List<ChurnCounter> drawn(List<RunView.Block> blocks) {
        return recorded(blocks).stream()
                .filter(counter -> !NOT_DRAWN.contains(counter.metric))
                .toList();
    }

    String title() {
        return metric.title();
    }

    /** The unit in which it is shown. */
    String unit() {
        return metric.unit() == Unit.MEMORY
                ? "KiB"
                : whole() ? metric.unit().text() : (metric.unit() == Unit.BYTES ? "KiB " : "") + "per 1000 accesses";
    }

    /** Its value in that unit, NaN when it was not recorded. */
    double of(RunView.Row row) {
        double value = row.perOperation(metric);
        return switch (metric.unit()) {
            case MEMORY -> value / KIB;
            case FRAMES -> value;
            case BYTES -> value * (ACCESSES / KIB);
            default -> value * ACCESSES;
        };
    }

    /** Its value in a cell. */
    String cell(RunView.Row row) {
        return whole() ? Numbers.fixed(of(row), 0) : Numbers.small(of(row));
    }

    /** A value beside a bar. */
    String text(double value) {
        return whole() ? Numbers.fixed(value, 0) : Numbers.compact(value, 3);
    }

    private boolean whole() {
        return metric.unit() == Unit.FRAMES || metric.unit() == Unit.MEMORY;
    }
}
