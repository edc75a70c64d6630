package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.RandomScripts;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Shrinker;
import org.cowbench.litmus.StepResult;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The aimed scripts tell every pair of policies apart that can be told apart. {@code -Dgolden.refresh=true} makes them
 * again, from the same random scripts.
 */
class AimedScriptsTest {
    private static final int CANDIDATES = 12_000;
    /** One script may show by chance what a kernel of another rule shows; three do not. */
    private static final int TIMES = 3;

    private static final List<List<Policy>> GROUPS =
            Policy.shipped().stream().map(Policy::alike).distinct().toList();

    @Test
    @Tag("slow")
    void everyPairIsToldApart() throws IOException {
        if (Boolean.getBoolean("golden.refresh")) {
            Files.writeString(Path.of("src/main/resources" + AimedScripts.RESOURCE), search());
            return;
        }
        List<Script> scripts = AimedScripts.all();
        int[] told = told(scripts);

        assertThat(scripts).hasSizeBetween(5, 24).doesNotHaveDuplicates();
        for (int pair = 0; pair < told.length; pair++) {
            Policy one = GROUPS.get(pair / GROUPS.size()).getFirst();
            Policy other = GROUPS.get(pair % GROUPS.size()).getFirst();
            boolean alike =
                    AimedScripts.groups().stream().anyMatch(group -> group.contains(one) && group.contains(other));
            if (!alike && pair / GROUPS.size() < pair % GROUPS.size()) {
                assertThat(told[pair])
                        .as(
                                "%s from %s",
                                AimedScripts.names(GROUPS.get(pair / GROUPS.size())),
                                AimedScripts.names(GROUPS.get(pair % GROUPS.size())))
                        .isGreaterThanOrEqualTo(TIMES);
            }
        }
    }

    @Tag("slow")
    @Test
    void groupsAreThoseThatNoScriptTellsApart() {
        for (List<Policy> group : AimedScripts.groups()) {
            for (Script script : group.size() == 1 ? List.<Script>of() : Conformance.randomScripts(1000, 3)) {
                List<StepResult> first = ModelRun.run(script, group.getFirst().rule());
                group.forEach(other -> assertThat(
                                Mismatch.of(script, first, ModelRun.run(script, other.rule()), MachineOptions.LITMUS))
                        .as("%s\n%s", other, script.text())
                        .isEmpty());
            }
        }
        assertThat(AimedScripts.groups())
                .filteredOn(group -> group.size() > 1)
                .as("of base pages nothing shows their order")
                .containsExactly(List.of(Policy.V6_11, Policy.V6_15, Policy.V7_0, Policy.V7_3));
    }

    @Test
    void noneIsNeedless() {
        List<Script> scripts = AimedScripts.all();
        for (Script without : scripts) {
            int[] told =
                    told(scripts.stream().filter(script -> script != without).toList());
            assertThat(apart(without).stream().anyMatch(pair -> told[pair] < TIMES))
                    .as(without.text())
                    .isTrue();
        }
    }

    /** How many of some scripts tell each pair apart. */
    private static int[] told(List<Script> scripts) {
        int[] told = new int[GROUPS.size() * GROUPS.size()];
        scripts.forEach(script -> apart(script).stream().forEach(pair -> told[pair]++));
        return told;
    }

    /** The pairs of groups, as numbers, whose policies do differently what a kernel shows. */
    private static BitSet apart(Script script) {
        List<List<StepResult>> runs = new ArrayList<>();
        GROUPS.forEach(group -> runs.add(ModelRun.run(script, group.getFirst().rule())));
        BitSet pairs = new BitSet();
        for (int i = 0; i < runs.size(); i++) {
            for (int j = i + 1; j < runs.size(); j++) {
                if (!Mismatch.of(script, runs.get(i), runs.get(j), MachineOptions.LITMUS)
                        .isEmpty()) {
                    pairs.set(i * GROUPS.size() + j);
                }
            }
        }
        return pairs;
    }

    /** Greedy: the script that tells most of what is not told yet, of those as good a short one; plain ones before others. */
    private static String search() {
        List<Script> candidates = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < CANDIDATES; i++) {
            candidates.add(RandomScripts.draw(
                    random.nextLong() >>> 1,
                    new RandomScripts.Shape(
                            random.nextInt(1, 4), 1, random.nextInt(4, 16), random.nextInt(2), random.nextBoolean())));
        }
        candidates.addAll(Conformance.randomScripts(CANDIDATES / 4, 2));
        candidates.removeIf(script -> has(script, Op.PINRO));
        candidates.sort(Comparator.comparingInt(script -> script.steps().size()));
        int[] told = new int[GROUPS.size() * GROUPS.size()];
        List<Script> chosen = new ArrayList<>();
        for (boolean plain : new boolean[] {true, false}) {
            List<Script> some = candidates.stream()
                    .filter(script -> plain
                            != (has(script, Op.PIN)
                                    || has(script, Op.DIO)
                                    || has(script, Op.RECLAIM)
                                    || has(script, Op.SPLICE)))
                    .toList();
            List<BitSet> tells = some.stream().map(AimedScriptsTest::apart).toList();
            for (int best = best(tells, told); best >= 0; best = best(tells, told)) {
                BitSet wanted = wanting(tells.get(best), told);
                Script script = Shrinker.shrink(some.get(best), candidate -> {
                    BitSet left = (BitSet) wanted.clone();
                    left.andNot(apart(candidate));
                    return left.isEmpty()
                            && chosen.stream().noneMatch(other -> shape(other).equals(shape(candidate)));
                });
                chosen.add(script);
                apart(script).stream().forEach(pair -> told[pair]++);
                tells.get(best).clear();
            }
        }
        // What later scripts tell as well need not stay.
        for (Script script : List.copyOf(chosen)) {
            int[] others = told(chosen.stream().filter(other -> other != script).toList());
            if (wanting(apart(script), others).isEmpty()) {
                chosen.remove(script);
            }
        }
        StringBuilder text = new StringBuilder(
                "# Scripts that tell policies apart, each pair by three; AimedScriptsTest makes them.\n");
        chosen.forEach(script -> text.append('\n').append(script.text()));
        return text.toString();
    }

    /** A script without its values. */
    private static String shape(Script script) {
        return script.text().replaceAll("(write|dio|dma) (\\w+) \\d+", "$1 $2");
    }

    private static int best(List<BitSet> tells, int[] told) {
        int best = -1;
        int most = 0;
        for (int i = 0; i < tells.size(); i++) {
            int count = wanting(tells.get(i), told).cardinality();
            if (count > most) {
                most = count;
                best = i;
            }
        }
        return best;
    }

    /** Those of some pairs that are not told apart often enough yet. */
    private static BitSet wanting(BitSet tells, int[] told) {
        BitSet wanting = new BitSet();
        tells.stream().filter(pair -> told[pair] < TIMES).forEach(wanting::set);
        return wanting;
    }

    private static boolean has(Script script, Op op) {
        return script.steps().stream().anyMatch(step -> step.op() == op);
    }
}
