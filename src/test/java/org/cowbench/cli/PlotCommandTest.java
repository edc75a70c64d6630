package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cowbench.report.compare.SyntheticSession;
import org.cowbench.report.run.SyntheticRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("slow")
class PlotCommandTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path results;
    private Path plots;

    @BeforeEach
    void paths() {
        results = directory.resolve("results");
        plots = directory.resolve("plots");
    }

    private int plot(String... labels) {
        CommandLine commandLine =
                Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] args = new String[labels.length + 5];
        args[0] = "plot";
        System.arraycopy(labels, 0, args, 1, labels.length);
        System.arraycopy(
                new String[] {"--results", results.toString(), "--plots", plots.toString()},
                0,
                args,
                labels.length + 1,
                4);
        return commandLine.execute(args);
    }

    @Test
    void drawsByLabelAndPrintsTheFilesAlone() {
        SyntheticRun.write(results, "my-run");
        assertThat(plot("my-run")).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString().lines())
                .hasSize(19)
                .allSatisfy(line -> assertThat(Path.of(line)).exists().hasParent(plots.resolve("my-run")));
    }

    @Test
    void unknownLabelsAreAUsageErrorBeforeAnythingIsDrawn() {
        SyntheticRun.write(results, "my-run");
        assertThat(plot("my-run", "no-such-run")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("no result 'no-such-run'");
        assertThat(plots).doesNotExist();
    }

    @Test
    void damagedResultsAreAUsageError() throws IOException {
        Path result = SyntheticRun.write(results, "cut");
        Path jmh = result.resolve("jmh.json");
        Files.writeString(jmh, Files.readString(jmh).substring(0, 200));
        assertThat(plot("cut")).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().contains("jmh.json");
    }

    @Test
    void unwritablePlotsAreTheMachinesFault() throws IOException {
        SyntheticRun.write(results, "my-run");
        Files.writeString(plots, "a file where a directory should be");
        assertThat(plot("my-run")).isEqualTo(3);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("cannot write plots")
                .contains("--plots DIR");
    }

    @Test
    void trendsOverAllRunsOrOverSome() throws IOException {
        SyntheticRun.write(results, "one");
        assertThat(plot("--trend", "SWAPCACHE")).isEqualTo(2);
        assertThat(err.toString()).contains("no trend").contains("among 1 run");
        SyntheticRun.write(results, "two");
        Files.createDirectories(results.resolve("no-result"));
        Path damaged = Files.createDirectories(results.resolve("damaged"));
        Files.writeString(damaged.resolve("jmh.json"), "[");
        err.getBuffer().setLength(0);
        assertThat(plot("--trend", "SWAPCACHE")).isZero();
        assertThat(out.toString().lines())
                .allSatisfy(line -> assertThat(Path.of(line)).exists().hasParent(plots.resolve("trend")));
        assertThat(out.toString()).contains(plots.resolve("trend/index.html").toString());
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("left out")
                .contains("damaged");
        assertThat(plot("one", "two", "--trend", "SWAPCACHE")).isZero();
        assertThat(plot("--trend", "(")).isEqualTo(2);
        assertThat(plot()).isEqualTo(2);
    }

    private Path foreign(String file) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, """
            [{"benchmark":"com.example.Other.run","mode":"thrpt","forks":1,"params":{"size":"10"},
              "primaryMetric":{"scoreUnit":"ops/s","rawData":[[5.0,6.0,7.0],[6.5]]}}]
            """);
    }

    @Test
    void otherProjectsResultsAreDrawnToo() throws IOException {
        assertThat(plot(foreign("other/results-1.json").toString())).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        plots.resolve("other-results-1/scores-ops-s.svg").toString(),
                        plots.resolve("other-results-1/scores-ops-s.png").toString(),
                        plots.resolve("other-results-1/index.html").toString());
        assertThat(plots.resolve("other-results-1/index.html"))
                .content()
                .contains("Other.run size=10", "higher is better");
    }

    /** JMH's own name tells nothing; and what is drawn must not overwrite what was drawn a moment ago. */
    @Test
    void everyResultHasADirectoryOfItsOwn() throws IOException {
        assertThat(plot(
                        foreign("old/jmh.json").toString(),
                        foreign("new/jmh.json").toString()))
                .isZero();
        assertThat(plots.resolve("old-jmh/index.html")).exists();
        assertThat(plots.resolve("new-jmh/index.html")).exists();
        assertThat(plot(foreign("old/a.json").toString())).isZero();
        byte[] old = Files.readAllBytes(plots.resolve("old-a/index.html"));
        assertThat(plot(foreign("new/a.json").toString())).isZero();
        assertThat(plots.resolve("new-a/index.html")).exists();
        assertThat(plots.resolve("old-a/index.html")).hasBinaryContent(old);
        assertThat(plot(foreign("1/x/a.json").toString(), foreign("2/x/a.json").toString()))
                .isEqualTo(2);
        assertThat(err.toString().lines().findFirst().orElseThrow())
                .contains("two results would both be drawn into " + plots.resolve("x-a"))
                .contains("--plots DIR");
        assertThat(plots.resolve("x-a")).doesNotExist();
    }

    @Test
    void whatAFileHoldsTwiceIsSaidAndWhatDiffersIsDrawn() {
        assertThat(plot("src/test/resources/jmh/duplicate-runs.json", "src/test/resources/jmh/threads.json"))
                .isZero();
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("duplicate-runs.json: 1 benchmark is in the file more than once")
                .contains("C.m 3 times");
        assertThat(plots.resolve("jmh-duplicate-runs/index.html")).content().contains("more than once");
        assertThat(plots.resolve("jmh-threads/index.html")).content().contains("C.m (1 thread)", "C.m (4 threads)");
    }

    @Test
    void theLabelOfASessionDrawsItsComparison() throws IOException {
        new SyntheticSession().head(1.05).write(results);
        assertThat(plot("my-ab")).isEqualTo(2);
        Files.move(results.resolve("base"), results.resolve("my-ab-base"));
        Files.move(results.resolve("head"), results.resolve("my-ab-head"));
        err.getBuffer().setLength(0);
        assertThat(plot("my-ab", "my-ab-head")).isZero();
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString())
                .contains(plots.resolve("my-ab/forest-times.svg").toString());
        assertThat(plots.resolve("my-ab/index.html"))
                .content()
                .contains("base against head", "slower", "Paired in 20 blocks");
        assertThat(plots.resolve("my-ab-head/index.html")).content().contains("cheapest that keeps isolation");
    }

    @Test
    void helpHasAnExample() {
        CommandLine commandLine = Main.commandLine().setOut(new PrintWriter(out));
        assertThat(commandLine.execute("plot", "--help")).isZero();
        assertThat(out.toString()).contains("Example: ./run-bench.sh plot");
    }

    /** A JVM that really finds no font, as in a bare container: the SVG files are there, one line says what to do. */
    @Test
    @Tag("slow")
    void aMachineWithoutFontsStillGetsItsSvg() throws IOException, InterruptedException {
        SyntheticRun.write(results, "my-run");
        Path home = Files.createDirectory(directory.resolve("home"));
        Path config = Files.writeString(directory.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig/>");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.home=" + home,
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "plot",
                "my-run",
                "--results",
                results.toString(),
                "--plots",
                plots.toString()));
        builder.environment().put("FONTCONFIG_FILE", config.toString());
        Path stdout = directory.resolve("stdout");
        Path stderr = directory.resolve("stderr");
        Process process = builder.redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(stderr, StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> line.startsWith("cowbench: ")))
                .singleElement()
                .asString()
                .contains("install fontconfig and fonts-dejavu-core");
        assertThat(process.exitValue()).isZero();
        assertThat(Files.readAllLines(stdout)).hasSize(10).allSatisfy(line -> assertThat(line)
                .matches(".*(\\.svg|index\\.html)"));
    }
}
