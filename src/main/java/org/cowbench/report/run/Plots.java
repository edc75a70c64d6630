package org.cowbench.report.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.html.PageFiles;
import org.cowbench.report.kernel.KernelTimelinePlot;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultStorageException;

/** Draws every plot a run has data for. */
public final class Plots {

    /** A new kind of plot is a class and a line here. */
    private static final List<Plot> ALL = List.of(
            new CostPlot(),
            new ScalingPlot(),
            new ScorePlot(),
            new PercentilePlot(),
            new OverlayPlot(),
            new ChurnPlot());

    private Plots() {}

    /**
     * Draws a run and writes the page that shows all of it. Each file is replaced whole or not at all; without fonts no
     * PNG files are written.
     *
     * @param result the run
     * @param directory where to; created when absent
     * @param warn receives one line at most: that PNG files are missing, and the remedy
     * @return the files written, in order of drawing, the page last
     * @throws org.cowbench.result.ResultException if the run's histograms cannot be read
     * @throws ResultStorageException if a file cannot be written
     */
    public static List<Path> draw(ResultDirectory result, Path directory, Consumer<String> warn) {
        RunView run = RunView.of(result);
        List<Figure> figures = new ArrayList<>(KernelTimelinePlot.draw(result));
        figures.addAll(figures(run));
        return PageFiles.write(figures, HtmlRun.page(run, figures), directory, warn);
    }

    /**
     * Draws how benchmarks moved over many runs, with a page.
     *
     * @param runs in any order
     * @param wanted benchmarks whose tag contains a match
     * @param directory where to; created when absent
     * @param warn receives one line at most: that the PNG file is missing, and the remedy
     * @return the files written, the page last; empty when no benchmark is in two runs of one machine
     * @throws ResultStorageException if a file cannot be written
     */
    public static List<Path> trend(List<ResultDirectory> runs, Pattern wanted, Path directory, Consumer<String> warn) {
        TrendPlot.Trend trend = TrendPlot.of(runs, wanted);
        List<Figure> figures = TrendPlot.draw(trend).stream().toList();
        return figures.isEmpty()
                ? List.of()
                : PageFiles.write(figures, HtmlTrend.page(trend, wanted.pattern(), figures), directory, warn);
    }

    static List<Figure> figures(RunView run) {
        return ALL.stream().flatMap(plot -> plot.draw(run).stream()).toList();
    }
}
