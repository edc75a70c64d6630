package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.cowbench.published.Price;
import org.cowbench.published.Profile;
import org.cowbench.published.Publication;
import org.cowbench.report.text.TextTable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedRunTest {
    @TempDir
    Path folder;

    private static void usage(String message, String... more) {
        List<String> words = new ArrayList<>(List.of("run", "--suite", "published"));
        words.addAll(List.of(more));
        CommandLines.Ran ran = CommandLines.run(words.toArray(String[]::new));
        assertThat(ran.status()).as("%s", words).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err().lines()).singleElement().asString().startsWith("cowbench: " + message);
    }

    @Test
    void aProfileWithATypoIsOneLine() throws IOException {
        Path file = folder.resolve("mine");
        String nvme = Files.readString(Path.of("src/main/resources/org/cowbench/published/nvme.properties"));
        Files.writeString(file, nvme.replace("\ncopy =", "\ncopi ="));
        usage(
                "--profile: " + file + ":8: unknown price 'copi'; expected one of request, ",
                "--profile",
                file.toString());
        Files.writeString(file, nvme.replaceAll("\nflush.*", ""));
        usage("--profile: " + file + " has no price of flush", "--profile", file.toString());
        usage("--profile: no profile 'ssd': neither one of nvme, pmem, zram nor a file", "--profile", "ssd");
    }

    @Test
    void whatPlansAMeasurementIsRefused() {
        for (String arguments : List.of(
                "--policy v5.9",
                "--rule 1",
                "--bench l2",
                "--forks 1",
                "--budget 10s",
                "--seed 1",
                "--shard 1/3",
                "--separate",
                "--no-plots",
                "--verbose")) {
            String[] words = arguments.split(" ");
            usage(words[0] + " does not go with --suite published", words);
        }
        usage("--label 'a/b' is no directory name", "--label", "a/b");
        usage("Invalid value for option '--format'", "--format", "xml");
        assertThat(CommandLines.run("run", "--profile", "nvme").err())
                .startsWith("cowbench: --profile goes with --suite published");
        assertThat(CommandLines.run("run", "--suite", "quick", "--format", "json")
                        .status())
                .isEqualTo(ExitStatus.USAGE);
    }

    @Tag("slow")
    @Test
    void theTableHasEveryRowAndEverySource() throws IOException {
        String text = CommandLines.output("run", "--suite", "published");
        assertThat(text.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(TextTable.WIDTH));
        String even = text.replaceAll("\\s+", " ");
        for (Publication publication : Publication.values()) {
            assertThat(text).contains("\n" + publication.id() + " ").contains("\n" + publication.id() + ": ");
        }
        assertThat(even)
                .contains("20220113140318.11117-1-zhangliang5@huawei.com", "f4c4a3f48480", "modelled and not measured");
        assertThat(Profile.SHIPPED.stream().filter(name -> even.contains("Prices of " + name)))
                .containsExactly("nvme", "pmem");
        Profile nvme = Profile.shipped("nvme");
        for (Price price : Price.values()) {
            if (price == Price.ZERO) {
                assertThat(even).as("nothing was filled with zeroes").doesNotContain(nvme.source(price));
            } else {
                assertThat(even).contains(price.words() + ": " + nvme.source(price));
            }
        }
        CommandLines.Ran lost =
                CommandLines.run("run", "--suite", "published", "--results", folder.toString(), "--profile", "zram");
        assertThat(lost.status()).isEqualTo(ExitStatus.OK);
        assertThat(lost.out().lines().filter(line -> line.startsWith("liang ") && line.contains("rate")))
                .singleElement()
                .asString()
                .contains("zram")
                .endsWith(" -");
    }

    @Tag("slow")
    @Test
    void jsonHasTheSame() throws IOException {
        JsonNode root =
                new ObjectMapper().readTree(CommandLines.output("run", "--suite", "published", "--format", "json"));
        assertThat(root.path("format").asText()).isEqualTo("cowbench-published");
        assertThat(root.path("rows")).hasSize(Publication.values().length);
        JsonNode one = root.path("rows").get(Publication.ONE_FAULT.ordinal());
        assertThat(one.path("id").asText()).isEqualTo("one-fault");
        assertThat(one.path("kind").asText()).isEqualTo("counted");
        assertThat(one.path("profile").isNull()).isTrue();
        assertThat(one.at("/scales/0/base/counts/minor").asLong()).isEqualTo(512);
        assertThat(one.at("/scales/2/head/counts/minor").asLong()).isZero();
        assertThat(root.at("/modelled/0/policies/0/policy").asText()).isEqualTo("v5.7");
        assertThat(root.at("/profiles/0/prices")).hasSize(Price.values().length);
        assertThat(root.at("/rows/0/kernels").isNull()).isTrue();
    }

    /** What is kept is what is printed, and no measurement: what draws measurements says so. */
    @Tag("slow")
    @Test
    void aLabelKeepsTheJson() throws IOException {
        String[] words = {
            "run", "--suite", "published", "--format", "json", "--results", folder.toString(), "--label", "mine"
        };
        CommandLines.Ran ran = CommandLines.run(words);
        assertThat(ran.status()).isEqualTo(ExitStatus.OK);
        Path kept = folder.resolve("mine");
        assertThat(ran.err()).contains("kept in " + kept);
        assertThat(kept).isDirectoryContaining("glob:**/published.json");
        assertThat(Files.readString(kept.resolve("published.json"))).isEqualTo(ran.out());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(kept);
        }
        CommandLines.Ran again = CommandLines.run(words);
        assertThat(again.status()).isEqualTo(ExitStatus.LACKS);
        assertThat(again.out()).isEmpty();
        assertThat(again.err().lines()).singleElement().asString().contains("exists already; choose another --label");
        CommandLines.Ran plot = CommandLines.run("plot", "--results", folder.toString(), "mine");
        assertThat(plot.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(plot.err().lines()).singleElement().asString().contains("jmh.json");
    }
}
