package org.cowbench.litmus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The scripts that come with cowbench, in the jar's folder {@code litmus}: of base pages, and of one large folio each in
 * its folder {@code folio}.
 */
public final class ShippedScripts {
    private static final String FOLDER = "/litmus";
    private static final String FOLIOS = FOLDER + "/folio";
    private static final String ZRAM = FOLDER + "/zram";
    private static final String COUNTERS = FOLDER + "/counters";
    private static final String WRITEBACK = FOLDER + "/writeback";

    private ShippedScripts() {}

    /**
     * Reads those of base pages that name no swap device.
     *
     * @return the scripts, by name
     */
    public static List<Script> all() {
        return in(FOLDER);
    }

    /**
     * Reads those of one large folio each.
     *
     * @return the scripts, by name
     */
    public static List<Script> folios() {
        return in(FOLIOS);
    }

    /**
     * Reads those of base pages whose swap device is zram.
     *
     * @return the scripts, by name
     */
    public static List<Script> zram() {
        return in(ZRAM);
    }

    /**
     * Reads those of base pages that ask for counters.
     *
     * @return the scripts, by name
     */
    public static List<Script> counters() {
        return in(COUNTERS);
    }

    /**
     * Reads those of base pages in which the swap device does not write at once.
     *
     * @return the scripts, by name
     */
    public static List<Script> writeback() {
        return in(WRITEBACK);
    }

    private static List<Script> in(String name) {
        try {
            URI folder = ShippedScripts.class.getResource(name).toURI();
            if (!folder.getScheme().equals("jar")) {
                return read(Path.of(folder));
            }
            try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
                return read(jar.getPath(name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The scripts of a folder.
     *
     * @param folder the folder
     * @return its files {@code *.litmus}, by name
     * @throws IOException if it cannot be read
     */
    public static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(".litmus") && !Files.isDirectory(each))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Reads one of base pages.
     *
     * @param file its name, such as {@code seed.litmus}
     * @return the script
     * @throws java.util.NoSuchElementException if none has that name
     */
    public static Script named(String file) {
        return all().stream()
                .filter(script -> script.file().equals(file))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Reads one of a large folio.
     *
     * @param file its name, such as {@code thp-cve.litmus}
     * @return the script
     * @throws java.util.NoSuchElementException if none has that name
     */
    public static Script folio(String file) {
        return folios().stream()
                .filter(script -> script.file().equals(file))
                .findFirst()
                .orElseThrow();
    }

    private static List<Script> read(Path folder) throws IOException {
        List<Script> scripts = new ArrayList<>();
        for (Path file : filesOf(folder)) {
            scripts.add(ScriptParser.parse(file.getFileName().toString(), Files.readAllBytes(file)));
        }
        return scripts;
    }
}
