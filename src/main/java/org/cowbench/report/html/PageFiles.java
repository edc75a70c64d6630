package org.cowbench.report.html;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Png;
import org.cowbench.report.chart.Svg;
import org.cowbench.result.ResultStorageException;

/** A page for the browser in one file, and beside it the pictures it shows. Each file is replaced whole or not at all. */
public final class PageFiles {
    private static final String PAGE = "index.html";

    /** Draws an SVG into a PNG; tests put a machine without fonts here. */
    @FunctionalInterface
    interface Rasteriser {
        byte[] png(Svg svg) throws Png.NoFontsException;
    }

    private PageFiles() {}

    /**
     * Writes figures and the page that shows them.
     *
     * @param figures the figures, drawn whole
     * @param directory where to; created when absent
     * @param warn receives one line at most: that PNG files are missing, and the remedy
     * @return the files written, the page last
     * @throws ResultStorageException if a file cannot be written
     */
    public static List<Path> write(List<Figure> figures, String page, Path directory, Consumer<String> warn) {
        List<Path> files = write(figures.stream().map(Figure::draw).toList(), directory, warn, Png::of);
        try {
            files.add(replace(directory, PAGE, page.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new ResultStorageException(
                    "cannot write " + directory.resolve(PAGE) + ": " + e.getMessage()
                            + "; make it writable or choose another place with --plots DIR",
                    e);
        }
        return files;
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
            throw new ResultStorageException(
                    "cannot write plots to " + directory + ": " + reason(e)
                            + "; make it writable, make room, or choose another place with --plots DIR",
                    e);
        } catch (UncheckedIOException e) {
            throw new ResultStorageException(
                    "cannot write plots to " + directory + ": " + reason(Objects.requireNonNull(e.getCause())), e);
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
            case FileAlreadyExistsException file -> file.getFile() + " is not a directory";
            case FileSystemException failure when failure.getReason() != null -> failure.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }
}
