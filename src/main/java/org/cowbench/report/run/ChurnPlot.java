package org.cowbench.report.run;

import java.util.List;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Numbers;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.text.Wording;

/** Counters of the churn benchmarks as small multiples: a column a counter, a row of panels a stream. */
final class ChurnPlot implements Plot {

    private static final double ROW_HEIGHT = 14;
    /** Counters are exact: under the pointer they are written with more digits than a time has. */
    private static final int TIP_DIGITS = 7;

    @Override
    public List<Figure> draw(RunView run) {
        return run.byBenchmark(RunView.Kind.CHURN).entrySet().stream()
                .map(entry -> draw(run, entry.getKey(), entry.getValue()))
                .toList();
    }

    private static Figure draw(RunView run, String benchmark, List<RunView.Block> blocks) {
        Scale.Rows rows = new Scale.Rows(Rows.names(blocks));
        List<ChurnCounter> counters = ChurnCounter.drawn(blocks);
        Figure figure = new Figure(
                        Wording.id("counters", benchmark),
                        benchmark + ": what memory pressure makes each policy do",
                        "Bars of exact counters, one panel a counter and stream, one bar a policy.")
                .note("Lower is better. Exact counters, no sampling. Needless copy: nobody else could have seen the"
                        + " page. Each panel has its own axis from zero.")
                .origin(RunWording.evidence(run, blocks) + ". " + RunWording.origin(run.info()) + ".")
                .grid(counters.size(), 118, ROW_HEIGHT * rows.names().size() + 6);
        for (RunView.Block block : blocks) {
            for (ChurnCounter counter : counters) {
                double highest = block.rows().stream()
                        .mapToDouble(counter::of)
                        .filter(Double::isFinite)
                        .max()
                        .orElse(0);
                // Room for the number behind the longest bar.
                Scale scale = Scale.Linear.fromZero(highest * 1.35);
                figure.panel(
                        counter.title(),
                        block.situation(),
                        new Axis(counter.unit(), scale, false),
                        new Axis("", rows, false),
                        panel -> {
                            for (RunView.Row row : block.rows()) {
                                double value = counter.of(row);
                                if (Double.isFinite(value)) {
                                    int at = rows.names().indexOf(row.name());
                                    panel.bar(row.style(), value, at, ROW_HEIGHT - 5);
                                    panel.note(value, at, counter.text(value));
                                    panel.rowTip(
                                            at,
                                            row.name() + ": " + Numbers.compact(value, TIP_DIGITS) + " "
                                                    + counter.unit());
                                }
                            }
                        });
            }
        }
        return figure;
    }
}
