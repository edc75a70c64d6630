package org.cowbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every Java file is as palantir-java-format leaves it. A test and not a plugin: the formatter reads with the compiler of
 * the JVM that it runs in, and Maven's own may be too old for these sources. What was left as it was is remembered in target
 * by its digest: in a tree that was tested before this costs next to nothing.
 */
class FormatTest {
    /** Writes what differs, {@code -Dformat.refresh=true}. */
    private static final boolean REFRESH = Boolean.getBoolean("format.refresh");

    private final Formatter formatter = Formatter.createFormatter(
            JavaFormatterOptions.builder().style(Style.PALANTIR).build());

    private List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    /** The digests of what this version of the formatter left as it was. */
    private static Path memory() {
        String jar = Formatter.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        return Path.of("target", "formatted-by-" + Path.of(jar).getFileName() + ".txt");
    }

    private static String digest(String source) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(source.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private boolean differs(Path file, Set<String> known) {
        try {
            String source = Files.readString(file);
            if (known.contains(digest(source))) {
                return false;
            }
            String formatted = formatter.formatSourceAndFixImports(source);
            boolean differs = !formatted.equals(source);
            if (differs && REFRESH) {
                Files.writeString(file, formatted);
            }
            if (!differs || REFRESH) {
                known.add(digest(formatted));
            }
            return differs && !REFRESH;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (FormatterException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    @Test
    void everySourceIsFormatted() throws IOException {
        List<Path> sources = sources();
        Path memory = memory();
        Set<String> known = new ConcurrentSkipListSet<>();
        if (Files.exists(memory)) {
            known.addAll(Files.readAllLines(memory));
        }
        List<Path> unformatted =
                sources.parallelStream().filter(file -> differs(file, known)).toList();
        Files.write(memory, known);
        assertThat(sources).hasSizeGreaterThan(400);
        assertThat(unformatted)
                .as("write them with: mvn test -Dtest=FormatTest -Dformat.refresh=true")
                .isEmpty();
    }
}
