package org.cowbench;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.JavaFormatterOptions.Style;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every Java file is as palantir-java-format leaves it. A test and not a plugin: the formatter reads with the compiler of
 * the JVM that it runs in, and Maven's own may be too old for these sources.
 */
@Tag("slow")
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

    private boolean differs(Path file) {
        try {
            String source = Files.readString(file);
            String formatted = formatter.formatSourceAndFixImports(source);
            boolean differs = !formatted.equals(source);
            if (differs && REFRESH) {
                Files.writeString(file, formatted);
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
        List<Path> unformatted = sources.parallelStream().filter(this::differs).toList();
        assertThat(sources).hasSizeGreaterThan(400);
        assertThat(unformatted)
                .as("write them with: mvn test -Dtest=FormatTest -Dformat.refresh=true")
                .isEmpty();
    }
}
