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

/** The scripts that come with cowbench, in the jar's folder {@code litmus}. */
public final class ShippedScripts {
    private static final String FOLDER = "/litmus";

    private ShippedScripts() {}

    /**
     * Reads them all.
     *
     * @return the scripts, by name
     */
    public static List<Script> all() {
        try {
            URI folder = ShippedScripts.class.getResource(FOLDER).toURI();
            if (!folder.getScheme().equals("jar")) {
                return read(Path.of(folder));
            }
            try (FileSystem jar = FileSystems.newFileSystem(folder, Map.of())) {
                return read(jar.getPath(FOLDER));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads the scripts of a folder, or the one script that a file is.
     *
     * @param path a folder, whose {@code .litmus} files are taken by name, or a file
     * @return the scripts
     * @throws IOException if it cannot be read
     * @throws ScriptException if a file is not a script
     */
    public static List<Script> read(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(ScriptParser.parse(path.getFileName().toString(), Files.readString(path)));
        }
        List<Script> scripts = new ArrayList<>();
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".litmus")).sorted().toList()) {
                scripts.add(ScriptParser.parse(file.getFileName().toString(), Files.readString(file)));
            }
        }
        return scripts;
    }
}
