package org.cowbench.ab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.cowbench.compare.CompareOptions;
import org.cowbench.compare.Comparison;
import org.cowbench.compare.ComparisonBuilder;
import org.cowbench.compare.Gate;
import org.cowbench.compare.RowFilter;
import org.cowbench.report.compare.CompareWording;
import org.cowbench.result.Measurement;
import org.cowbench.result.ResultDirectory;
import org.cowbench.stats.Rule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How often the gate fails a program against itself when the runs were not interleaved and {@code --unpaired} gates
 * them all the same: on the forks of the self study that is kept, those of one side early against those of another
 * late, and on simulated runs one after the other. The rates are printed, and held against the words that the command
 * prints.
 */
class UnpairedRatesTest {
    private static final String STUDY = "results/20261125-self-";
    private static final List<String> PLAIN =
            List.of("base", "copy1", "copy2", "copy3", "copy4", "copy5", "copy6", "copy7");
    private static final int FORKS = 10;

    @TempDir
    Path directory;

    /** How many comparisons of one cell were made, and how many failed a gate of 0, 3 and 5 %. */
    private record Rate(int all, int beyond0, int beyond3, int beyond5) {
        Rate plus(Rate other) {
            return new Rate(all + other.all, beyond0 + other.beyond0, beyond3 + other.beyond3, beyond5 + other.beyond5);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d of %d fail the gate at 0 %%, %d at 3 %%, %d at 5 %%",
                    beyond0,
                    all,
                    beyond3,
                    beyond5);
        }
    }

    private Path write(String name, String unit, double[]... forks) throws IOException {
        return Files.writeString(
                directory.resolve(name),
                "[{\"benchmark\":\"a.B.m\",\"mode\":\"avgt\",\"primaryMetric\":{\"scoreUnit\":\"" + unit
                        + "\",\"rawData\":" + Arrays.deepToString(forks) + "}}]");
    }

    private static Gate.State gate(ResultDirectory base, ResultDirectory head, double failOver) {
        Comparison comparison = ComparisonBuilder.compare(
                base, head, Rule.DEFAULT, new CompareOptions(failOver, false, true, RowFilter.ALL, 1));
        return Gate.of(comparison).state();
    }

    private Rate judge(double[][] early, double[][] late) throws IOException {
        ResultDirectory base = ResultDirectory.read(write("early.json", "ns/op", early));
        ResultDirectory head = ResultDirectory.read(write("late.json", "ns/op", late));
        int[] failed = new int[3];
        double[] limits = {0, 3, 5};
        for (int i = 0; i < limits.length; i++) {
            // Either order of time: whichever of the two is taken for the head.
            failed[i] += gate(base, head, limits[i]) == Gate.State.FAILED ? 1 : 0;
            failed[i] += gate(head, base, limits[i]) == Gate.State.FAILED ? 1 : 0;
        }
        return new Rate(2, failed[0], failed[1], failed[2]);
    }

    /** The kept study: 40 forks a side and cell over 46 minutes; the first and the last of them are two runs. */
    private Rate kept(int forks, List<String> heads) throws IOException {
        Rate rate = new Rate(0, 0, 0, 0);
        for (String one : PLAIN) {
            for (String other : heads) {
                List<Measurement> bases =
                        ResultDirectory.read(Path.of(STUDY + one)).measurements();
                List<Measurement> others =
                        ResultDirectory.read(Path.of(STUDY + other)).measurements();
                for (int cell = 0; cell < bases.size(); cell++) {
                    double[][] early = bases.get(cell).raw();
                    double[][] late = others.get(cell).raw();
                    assertThat(others.get(cell).key()).isEqualTo(bases.get(cell).key());
                    rate = rate.plus(judge(
                            Arrays.copyOf(early, forks), Arrays.copyOfRange(late, late.length - forks, late.length)));
                }
            }
        }
        return rate;
    }

    /** Runs of forks one after the other whose level walks: what one run ends on the next begins on. */
    private Rate simulated(double walk) throws IOException {
        SplittableRandom random = new SplittableRandom(20220113);
        Rate rate = new Rate(0, 0, 0, 0);
        for (int trial = 0; trial < 100; trial++) {
            double level = 0;
            double[][] forks = new double[2 * FORKS][1];
            for (double[] fork : forks) {
                level += walk * random.nextGaussian();
                fork[0] = 100 * StrictMath.exp(level + 0.01 * random.nextGaussian());
            }
            rate = rate.plus(judge(Arrays.copyOf(forks, FORKS), Arrays.copyOfRange(forks, FORKS, 2 * FORKS)));
        }
        return rate;
    }

    @Test
    @Tag("slow")
    void ratesOfTheGateOnSeparateRuns() throws IOException {
        List<String> lines = new ArrayList<>();
        Rate kept = kept(FORKS, PLAIN);
        lines.add("no difference, kept study, " + FORKS + " forks a side: " + kept);
        lines.add("no difference, kept study, 5 forks a side: " + kept(5, PLAIN));
        Rate none = simulated(0);
        lines.add("no difference, simulated, no drift: " + none);
        Rate drift = simulated(0.01);
        lines.add("no difference, simulated, a drift of 1 % a fork: " + drift);
        lines.forEach(line -> System.out.println("separate runs, " + line));
        assertThat(CompareWording.UNPAIRED_RATE)
                .isEqualTo(String.format(
                        Locale.ROOT,
                        "a program against itself failed a gate of 3 per cent in %.0f of 100 comparisons, one of 5 per"
                                + " cent in %.0f of 100 (%d forks a side, one machine, within an hour)",
                        100.0 * kept.beyond3 / kept.all,
                        100.0 * kept.beyond5 / kept.all,
                        FORKS));
        assertThat(none.beyond0).as("without drift the level holds").isLessThanOrEqualTo(none.all / 100);
        assertThat(drift.beyond3)
                .as("with drift it cannot: what the words warn of")
                .isGreaterThan(drift.all / 20);
    }
}
