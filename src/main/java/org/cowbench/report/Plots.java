package org.cowbench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Png;
import org.cowbench.report.chart.Svg;
import org.cowbench.result.ResultDirectory;
import org.cowbench.result.ResultStorageException;

/** Draws every plot a run has data for. */
public final class Plots {

    /** A new kind of plot is a class and a line here. */
    private static final List<Plot> ALL =
            List.of(new CostPlot(), new ScorePlot(), new PercentilePlot(), new OverlayPlot(), new ChurnPlot());

    /** Draws an SVG into a PNG; tests put a machine without fonts here. */
    @FunctionalInterface
    interface Rasteriser {
        byte[] png(Svg svg) throws Png.NoFontsException;
    }

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
        List<Figure> figures = new ArrayList<>(KernelTimeline.draw(result));
        figures.addAll(figures(run));
        return HtmlReport.write(figures, HtmlRun.page(run, figures), directory, warn);
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
    public static List<Path> trend(
            List<ResultDirectory> runs, Pattern wanted, Path directory, Consumer<String> warn) {
        TrendPlot.Trend trend = TrendPlot.of(runs, wanted);
        List<Figure> figures = TrendPlot.draw(trend).stream().toList();
        return figures.isEmpty() ? List.of()
                : HtmlReport.write(figures, HtmlTrend.page(trend, wanted.pattern(), figures), directory, warn);
    }

    static List<Figure> figures(RunView run) {
        return ALL.stream().flatMap(plot -> plot.draw(run).stream()).toList();
    }

    static List<Path> write(List<Svg> pictures, Path directory, Consumer<String> warn, Rasteriser rasteriser) {
        List<Path> files = new ArrayList<>();
        boolean fonts = true;
        try {
            Files.createDirectories(directory);
            for (Svg svg : pictures) {
                files.add(replace(directory, svg.id() + ".svg", svg.toString().getBytes(StandardCharsets.UTF_8)));
                if (fonts) {
                    try {
                        files.add(replace(directory, svg.id() + ".png", rasteriser.png(svg)));
                    } catch (Png.NoFontsException e) {
                        fonts = false;
                        warn.accept(e.getMessage() + " (the SVG files are written)");
                    }
                }
            }
        } catch (IOException e) {
            throw new ResultStorageException("cannot write plots to " + directory + ": " + reason(e)
                    + "; make it writable, make room, or choose another place with --plots DIR", e);
        } catch (UncheckedIOException e) {
            throw new ResultStorageException("cannot write plots to " + directory + ": " + reason(e.getCause()), e);
        }
        return files;
    }

    private static Path replace(Path directory, String name, byte[] content) throws IOException {
        Path target = directory.resolve(name);
        Path temporary = directory.resolve("." + name + ".tmp");
        try {
            Files.write(temporary, content);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        return target;
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case java.nio.file.FileAlreadyExistsException file -> file.getFile() + " is not a directory";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
