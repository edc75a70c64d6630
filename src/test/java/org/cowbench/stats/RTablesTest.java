package org.cowbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every statistic against what R computes; {@code r-tables.R} beside the table is the program that made it. */
class RTablesTest {
    private static final Path TABLE = Path.of("src", "test", "resources", "stats", "r-tables.txt");
    private static final double EXACT = 1e-9;

    private record Case(String kind, Map<String, double[]> fields) {
        double[] all(String name) {
            return fields.get(name);
        }

        double one(String name) {
            assertThat(fields.get(name)).as("%s of %s", name, this).hasSize(1);
            return fields.get(name)[0];
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(kind);
            fields.forEach(
                    (name, values) -> text.append(' ').append(name).append('=').append(Arrays.toString(values)));
            return text.toString();
        }
    }

    private static List<Case> cases(String kind) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            String[] words = line.split(" ");
            if (words[0].equals(kind)) {
                Map<String, double[]> fields = new HashMap<>();
                for (String word : Arrays.asList(words).subList(1, words.length)) {
                    String[] pair = word.split("=");
                    fields.put(
                            pair[0],
                            Arrays.stream(pair[1].split(","))
                                    .mapToDouble(Double::parseDouble)
                                    .toArray());
                }
                cases.add(new Case(kind, fields));
            }
        }
        assertThat(cases).as("cases of %s", kind).isNotEmpty();
        return cases;
    }

    @Test
    void everyKindOfCaseHasATest() throws IOException {
        Set<String> kinds = new TreeSet<>();
        Files.readAllLines(TABLE).stream()
                .filter(line -> !line.startsWith("#"))
                .forEach(line -> kinds.add(line.split(" ")[0]));
        assertThat(kinds)
                .containsExactly(
                        "detectable",
                        "fieller",
                        "large",
                        "multiplicity",
                        "pairedt",
                        "signedrank",
                        "superiority",
                        "ties",
                        "welch");
    }

    @Test
    void signedRank() throws IOException {
        for (Case c : cases("signedrank")) {
            SignedRank test = SignedRank.of(c.all("d"));
            assertThat(test.p()).as("p of %s", c).isCloseTo(c.one("p"), within(EXACT));
            Interval interval = test.interval(c.one("level"));
            assertThat(interval.estimate()).as("estimate of %s", c).isCloseTo(c.one("estimate"), within(EXACT));
            assertThat(interval.bounded()).as("level reached in %s", c).isEqualTo(c.one("reached") == 1);
            if (interval.bounded()) {
                assertThat(interval.low()).as("low of %s", c).isCloseTo(c.one("low"), within(EXACT));
                assertThat(interval.high()).as("high of %s", c).isCloseTo(c.one("high"), within(EXACT));
            }
        }
    }

    @Test
    void signedRankGivenTies() throws IOException {
        for (Case c : cases("ties")) {
            assertThat(SignedRank.of(c.all("d")).p()).as("%s", c).isCloseTo(c.one("p"), within(EXACT));
        }
    }

    @Test
    void signedRankOfManyIsApproximatedAsInR() throws IOException {
        for (Case c : cases("large")) {
            assertThat(SignedRank.of(c.all("d")).p()).as("%s", c).isCloseTo(c.one("p"), within(EXACT));
        }
    }

    @Test
    void pairedT() throws IOException {
        for (Case c : cases("pairedt")) {
            Interval interval = StudentT.interval(c.all("d"), 0.95);
            assertThat(StudentT.p(c.all("d"))).as("p of %s", c).isCloseTo(c.one("p"), within(EXACT));
            assertThat(interval.estimate()).isCloseTo(c.one("estimate"), within(EXACT));
            assertThat(interval.low()).as("low of %s", c).isCloseTo(c.one("low"), within(1e-7));
            assertThat(interval.high()).as("high of %s", c).isCloseTo(c.one("high"), within(1e-7));
        }
    }

    @Test
    void welch() throws IOException {
        for (Case c : cases("welch")) {
            assertThat(StudentT.welch(c.all("a"), c.all("b"))).as("%s", c).isCloseTo(c.one("p"), within(EXACT));
        }
    }

    @Test
    void superiority() throws IOException {
        for (Case c : cases("superiority")) {
            assertThat(EffectSize.superiority(c.all("head"), c.all("base")))
                    .as("%s", c)
                    .isCloseTo(c.one("a12"), within(EXACT));
        }
    }

    @Test
    void fieller() throws IOException {
        for (Case c : cases("fieller")) {
            Interval ratio = Fieller.ratio(c.all("head"), c.all("base"), c.one("level"));
            assertThat(ratio.estimate()).isCloseTo(c.one("estimate"), within(EXACT));
            assertThat(ratio.low()).as("low of %s", c).isCloseTo(c.one("low"), within(1e-8));
            assertThat(ratio.high()).as("high of %s", c).isCloseTo(c.one("high"), within(1e-8));
        }
    }

    @Test
    void multiplicity() throws IOException {
        for (Case c : cases("multiplicity")) {
            assertThat(Multiplicity.holm(c.all("p"))).as("%s", c).containsExactly(c.all("holm"), within(EXACT));
            assertThat(Multiplicity.benjaminiHochberg(c.all("p")))
                    .as("%s", c)
                    .containsExactly(c.all("bh"), within(EXACT));
        }
    }

    @Test
    void detectableEffect() throws IOException {
        for (Case c : cases("detectable")) {
            assertThat(Power.detectable(1, (int) c.one("blocks"), 1, 0.05, 0.8))
                    .as("%s", c)
                    .isCloseTo(c.one("value"), within(1e-7));
        }
    }
}
