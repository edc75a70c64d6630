package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages of findings offer to be sent: programs that compile anywhere, short enough to be read in a mail. */
class FindingsTest {
    private static final Path PROGRAMS = Path.of("src/site/resources/findings");
    private static final Path PAGES = Path.of("src/site/markdown/findings");
    private static final int MOST_LINES = 120;

    @TempDir
    private Path folder;

    static List<Path> programs() throws IOException {
        return list(PROGRAMS, ".c");
    }

    private static List<Path> list(Path from, String end) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("programs")
    void aReproducerCompilesAloneWithoutAWarning(Path program) throws Exception {
        Path log = folder.resolve("cc.log");
        Process compiler = new ProcessBuilder(
                        "cc",
                        "-std=gnu11",
                        "-O2",
                        "-Wall",
                        "-Wextra",
                        "-Werror",
                        "-o",
                        folder.resolve("program").toString(),
                        program.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(compiler.waitFor()).as(Files.readString(log)).isZero();
        assertThat(Files.readAllLines(program)).hasSizeLessThan(MOST_LINES).allSatisfy(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo(MOST_LINES));
    }

    /** What lies there is offered by a page, and every page can be reached from the index. */
    @Test
    void everyFileIsOfferedByAPage() throws IOException {
        StringBuilder pages = new StringBuilder();
        for (Path page : list(PAGES, ".md")) {
            pages.append(Documents.text(page));
            assertThat(Documents.text(Path.of("src/site/markdown/index.md")))
                    .contains("(findings/" + page.getFileName() + ")");
        }
        assertThat(list(PROGRAMS, "")).hasSizeGreaterThan(2).allSatisfy(file -> assertThat(pages.toString())
                .contains("findings/" + file.getFileName() + ")"));
    }
}
