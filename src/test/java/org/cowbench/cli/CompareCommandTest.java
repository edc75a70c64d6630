package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cowbench.report.compare.SyntheticSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {

    @TempDir
    Path results;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int cowbench(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(args);
    }

    private int compare(String... args) {
        String[] all = new String[args.length + 3];
        all[0] = "compare";
        System.arraycopy(args, 0, all, 1, args.length);
        all[args.length + 1] = "--results";
        all[args.length + 2] = results.toString();
        return cowbench(all);
    }

    private void usage(String message) {
        assertThat(err.toString().lines()).singleElement().asString().contains(message);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void everyFormatOnStandardOutputAlone() {
        new SyntheticSession().write(results);
        for (String format : new String[] {"text", "markdown", "json", "csv", "html", "lkp", "mmtests", "benchstat"}) {
            assertThat(compare("base", "head", "--format", format)).as(format).isZero();
            assertThat(out.toString()).as(format).isNotBlank();
            assertThat(err.toString()).as(format).isEmpty();
        }
    }

    @Test
    void wordsThatAreNoneAreAnsweredWithThoseThatUsersType() {
        new SyntheticSession().write(results);
        assertThat(compare("base", "head", "--sort", "efect")).isEqualTo(2);
        usage("'--sort': it is one of file, effect, worst, name, not 'efect'; did you mean effect?");
        assertThat(compare("base", "head", "--format", "markdwon")).isEqualTo(2);
        usage("mmtests, benchstat, not 'markdwon'; did you mean markdown?");
        assertThat(compare("base", "head", "--format", "quarterly")).isEqualTo(2);
        assertThat(err.toString()).doesNotContain("did you mean").doesNotContain("TEXT");
        assertThat(compare("base", "head", "--format", "CSV")).isZero();
    }

    @Test
    void theGateIsTheExitStatus() {
        new SyntheticSession().head(1.05).write(results);
        assertThat(compare("base", "head")).isZero();
        assertThat(compare("base", "head", "--fail-over", "3")).isEqualTo(1);
        assertThat(compare("base", "head", "--fail-over", "10")).isZero();
        assertThat(compare("head", "base", "--fail-over", "3"))
                .as("faster is fine")
                .isZero();
    }

    @Test
    void policiesOfOneRun() {
        new SyntheticSession().write(results);
        assertThat(compare("base", "--by", "policy", "--base", "v5.9")).isZero();
        assertThat(out.toString()).contains("v5.19").contains("faster").contains("policy=v5.9");
        assertThat(compare("base", "--by", "policy", "--base", "v9.9")).isEqualTo(2);
        usage("there is v5.9, v5.19");
        assertThat(compare("base", "--by", "policy")).isEqualTo(2);
        usage("--base");
    }

    @Tag("slow")
    @Test
    void runsOfOneNameAndValuesOfOneRunHaveNamesAndPlotsOfTheirOwn() throws IOException {
        Path plots = results.resolve("plots");
        new SyntheticSession().write(results);
        Path old = Files.createDirectories(results.resolve("old"));
        Path fresh = Files.createDirectories(results.resolve("new"));
        Files.copy(results.resolve("base/jmh.json"), old.resolve("jmh.json"));
        Files.copy(results.resolve("head/jmh.json"), fresh.resolve("jmh.json"));
        assertThat(compare(
                        old.resolve("jmh.json").toString(),
                        fresh.resolve("jmh.json").toString(),
                        "--plot",
                        "--plots",
                        plots.toString()))
                .isZero();
        assertThat(out.toString()).contains("base  old/jmh.json\n", "head  new/jmh.json\n");
        assertThat(plots.resolve("old_jmh.json-new_jmh.json/index.html")).exists();
        for (String base : new String[] {"v5.9", "v5.19"}) {
            assertThat(compare("base", "--by", "policy", "--base", base, "--plot", "--plots", plots.toString()))
                    .isZero();
            assertThat(plots.resolve("base-by-policy-" + base).resolve("index.html"))
                    .exists();
        }
    }

    @Test
    void badInputIsOneLineAndStatusTwo() throws IOException {
        new SyntheticSession().write(results);
        Path empty = Files.createDirectories(results.resolve("empty"));
        Path truncated = Files.writeString(results.resolve("truncated.json"), "[{\"benchmark\":\"a.B.c\",");
        Path other = Files.writeString(results.resolve("other.json"), "{\"a\":1}");
        Path unrelated = Files.writeString(
                results.resolve("unrelated.json"),
                "[{\"benchmark\":\"a.B.c\",\"mode\":\"avgt\","
                        + "\"primaryMetric\":{\"score\":1,\"scoreUnit\":\"ns/op\",\"rawData\":[[1]]}}]");
        assertThat(compare("base", "no-such-run")).isEqualTo(2);
        usage("no result 'no-such-run'");
        assertThat(compare("base", empty.toString())).isEqualTo(2);
        usage("has no jmh.json");
        assertThat(compare(truncated.toString(), "head")).isEqualTo(2);
        usage("cut short");
        assertThat(compare("base", other.toString())).isEqualTo(2);
        usage("not JMH's");
        assertThat(compare("base", unrelated.toString())).isEqualTo(2);
        usage("no benchmark is in both");
        Files.writeString(results.resolve("head").resolve("run.json"), "{\"schema\":99}");
        assertThat(compare("base", "head")).isEqualTo(2);
        usage("schema 99");
    }

    @Test
    void wrongOptionsAreUsage() {
        new SyntheticSession().write(results);
        assertThat(compare("base")).isEqualTo(2);
        usage("two runs are compared");
        assertThat(compare("base", "head", "--base", "x")).isEqualTo(2);
        usage("only with --by");
        assertThat(compare("base", "head", "--strict")).isEqualTo(2);
        usage("only with --fail-over");
        assertThat(compare("base", "head", "--fail-over", "-1")).isEqualTo(2);
        usage("0 or more");
        assertThat(compare("base", "head", "--bound", "0")).isEqualTo(2);
        usage("per cent");
        assertThat(compare("base", "head", "--format", "pdf")).isEqualTo(2);
        usage("pdf");
    }

    @Test
    @Tag("slow")
    void theDoctorAlwaysHasAnAnswer() {
        assertThat(cowbench("doctor", "--all")).isBetween(0, 1);
        assertThat(out.toString()).contains("governor", "load", "jitter", "git");
        assertThat(err.toString()).isEmpty();
    }
}
