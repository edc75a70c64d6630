package org.cowbench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.cowbench.compare.Comparison;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Png;
import org.cowbench.result.ResultStorageException;

/** Pages for the browser, one file each, beside the pictures they show. */
public final class HtmlReport {
    /** Name of the page in a directory of plots. */
    public static final String FILE = "index.html";

    private HtmlReport() {}

    /**
     * The page of a comparison.
     *
     * @param comparison what to show
     * @return HTML that needs nothing else
     */
    public static String of(Comparison comparison) {
        return HtmlComparison.page(comparison, ComparePlots.of(comparison));
    }

    /**
     * Writes the plots of a comparison and its page.
     *
     * @param comparison the comparison
     * @param directory where to; created when absent
     * @param warn receives one line at most: that PNG files are missing, and the remedy
     * @return the files written, the page last
     * @throws ResultStorageException if a file cannot be written
     */
    public static List<Path> write(Comparison comparison, Path directory, Consumer<String> warn) {
        List<Figure> figures = ComparePlots.of(comparison);
        return write(figures, HtmlComparison.page(comparison, figures), directory, warn);
    }

    /** Writes figures and the page that shows them; the page last. */
    static List<Path> write(List<Figure> figures, String page, Path directory, Consumer<String> warn) {
        List<Path> files = new ArrayList<>(
                Plots.write(figures.stream().map(Figure::draw).toList(), directory, warn, Png::of));
        Path target = directory.resolve(FILE);
        Path temporary = directory.resolve("." + FILE + ".tmp");
        try {
            Files.write(temporary, page.getBytes(StandardCharsets.UTF_8));
            files.add(Files.move(
                    temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
        } catch (IOException e) {
            throw new ResultStorageException("cannot write " + target + ": " + e.getMessage()
                    + "; make it writable or choose another place with --plots DIR", e);
        }
        return files;
    }

    static String capital(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** A number as it is, for what is under the pointer. */
    static String exactly(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "unknown";
    }
}
