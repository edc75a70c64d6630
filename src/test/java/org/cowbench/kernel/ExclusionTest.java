package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import org.cowbench.kernel.Mismatch.Field;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.litmus.SwapDevice;
import org.cowbench.policy.Policy;
import org.cowbench.readme.Documents;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which scripts are left out of a comparison with a kernel, by which rule, and how many. */
class ExclusionTest extends ConformanceFixture {
    @Test
    void sameSeedSameScripts() {
        assertThat(Conformance.randomScripts(20, 3))
                .isEqualTo(Conformance.randomScripts(20, 3))
                .isNotEqualTo(Conformance.randomScripts(20, 4));
    }

    @Test
    void leavesOutReadOnlyPinsAndWhatUsesThem() {
        Map<Exclusion, Integer> counts = new java.util.EnumMap<>(Exclusion.class);
        Script script = parse("A write 0 1\nA pinro 0 X\nA peek X\nA unpin X\nA splice 0 X\nA peek X");
        assertThat(Exclusion.apply(script, ALL, counts).text())
                .isEqualTo("pages 1\nA write 0 1\nA splice 0 X\nA peek X\n");
        assertThat(counts).containsExactly(Map.entry(Exclusion.PINRO, 3));
        Script other = parse("A write 0 1\nA splice 0 X\nA peek X");
        assertThat(Exclusion.apply(other, ALL, counts)).isSameAs(other);
    }

    @Test
    void aKernelWithItsTestInterfaceIsAskedForOneReadOnlyPinAScript() {
        Script script =
                parse("A write 0 1\nA fork B\nA pinro 0 X\nA peek X\nA unpin X\nB pinro 0 Y\nA peek Y\nA read 0");
        Conformance.Report report = against(
                        new FakeKernel(Policy.V5_19, Capabilities.without(), results -> results), Policy.V5_18)
                .compare(List.of(script));
        assertThat(report.excluded()).isEqualTo(Map.of(Exclusion.PINRO, 2));
        assertThat(report.steps()).isEqualTo(6);
        // From v5.19 on the pin unshares: what no kernel was asked for before.
        assertThat(report.findings().getFirst().mismatches())
                .contains(new Mismatch(Harm.FRAME, 2, Field.FRAME, "same", "changed"));
    }

    /** Seed 20261123 of 10,000 scripts, where five kernels reclaimed the second page too. */
    @Test
    void leavesOutPressureWhereAForkMayHaveCopiedSeveralPages() {
        Map<Exclusion, Integer> counts = new java.util.EnumMap<>(Exclusion.class);
        Script script = parse("pages 2\nA pin 1 X0\nA pin 0 X1\nA reclaim 0\nA fork B\nB reclaim 0\nB write 1 1");
        assertThat(Exclusion.apply(script, ALL, counts).text())
                .isEqualTo("pages 2\nA pin 1 X0\nA pin 0 X1\nA reclaim 0\nA fork B\nB write 1 1\n");
        assertThat(counts).containsExactly(Map.entry(Exclusion.COPIES, 1));
        Script one = parse("pages 2\nA pin 0 X0\nA pin 0 X1\nA fork B\nB reclaim 0");
        assertThat(Exclusion.apply(one, ALL, counts)).isSameAs(one);
    }

    private static Map<Exclusion, Integer> leftOut(String text, Capabilities capabilities) {
        Map<Exclusion, Integer> counts = new java.util.EnumMap<>(Exclusion.class);
        Exclusion.apply(parse(text), capabilities, counts);
        return counts;
    }

    @Test
    void leavesOutFoliosThatAKernelHasNot() {
        Capabilities old = new Capabilities(Set.of(Op.COLLAPSE), Set.of(2048), true, true);
        assertThat(leftOut("folio 64\nA write all 1\nA split", old)).isEqualTo(Map.of(Exclusion.FOLIO, 2));
        assertThat(leftOut("folio 2048\nA write all 1\nA split\nA collapse", old))
                .isEqualTo(Map.of(Exclusion.COLLAPSE, 1));
        assertThat(leftOut("A write 0 1", new Capabilities(Set.of(), Set.of(), false, true)))
                .isEmpty();
    }

    /** A folio that is split on its way to swap is no folio any more, and base pages would be compared. */
    @Test
    void leavesOutSwapThatTakesNoFolio() {
        Capabilities file = new Capabilities(Set.of(), Set.of(16), false, true);
        assertThat(leftOut("folio 16\nA write all 1\nA pageout all\nA reclaim 0\nA read 0", file))
                .containsEntry(Exclusion.SWAP, 2);
        assertThat(leftOut("A write 0 1\nA pageout 0\nA reclaim 0", file)).isEmpty();
    }

    @Test
    void leavesOutWhatSwapsWhereTheScriptHasNoSwap() {
        String steps = "A write 0 1\nA pageout 0\nA reclaim 0\nA read 0";
        Capabilities all = Capabilities.without();
        assertThat(leftOut("swap none\n" + steps, all)).isEqualTo(Map.of(Exclusion.DEVICE, 2));
        assertThat(leftOut("swap zram\n" + steps, all)).isEmpty();
        assertThat(leftOut("swap zram\n" + steps, all.swapping(SwapDevice.DISK, Set.of(SwapDevice.DISK))))
                .isEqualTo(Map.of(Exclusion.DEVICE, 2));
        assertThat(leftOut(steps, all.swapping(SwapDevice.NONE, Set.of(SwapDevice.DISK))))
                .isEqualTo(Map.of(Exclusion.DEVICE, 2));
    }

    @Test
    void leavesOutAHeldDeviceWhereNothingHoldsIt() {
        String steps = "A write 0 1\nA stall\nA writeout 0\nA resume\nA read 0";
        Capabilities all = Capabilities.without();
        assertThat(leftOut(steps, all)).isEmpty();
        assertThat(leftOut(steps, Capabilities.without(Op.WRITEOUT, Op.STALL, Op.RESUME)))
                .isEqualTo(Map.of(Exclusion.HOLD, 3));
        assertThat(leftOut("swap zram\n" + steps, all)).isEqualTo(Map.of(Exclusion.HOLD, 3));
        assertThat(leftOut(steps, all.swapping(SwapDevice.ZRAM, Set.of(SwapDevice.ZRAM))))
                .isEqualTo(Map.of(Exclusion.HOLD, 3));
        assertThat(leftOut("swap none\n" + steps, all)).isEqualTo(Map.of(Exclusion.DEVICE, 3));
    }

    /** A script that names no device runs on whatever the kernel has, and so does the model. */
    @Test
    void theModelSwapsToWhatTheKernelSwapsTo() {
        Capabilities all = Capabilities.without();
        Capabilities zram = all.swapping(SwapDevice.ZRAM, Set.of(SwapDevice.ZRAM));
        assertThat(all.machine().synchronousIo()).isFalse();
        assertThat(zram.machine().synchronousIo()).isTrue();
        assertThat(zram.machine().stableWrites()).isTrue();
        Script script = parse("A write 0 1\nA pageout 0\nA read 0");
        assertThat(ModelRun.run(script, Policy.V6_11.rule(), zram.machine())
                        .getLast()
                        .major())
                .isEqualTo(1);
        assertThat(ModelRun.run(script.on(SwapDevice.DISK), Policy.V6_11.rule(), zram.machine())
                        .getLast()
                        .major())
                .isZero();
    }

    @Test
    void leavesOutPressureOnAFolioThatMayShareItsCgroup() {
        Capabilities all = Capabilities.without();
        assertThat(leftOut("folio 16\nA write all 1\nA fork B\nA write 2 2\nA reclaim 0", all))
                .isEmpty();
        for (String crowd : List.of("A write 0-1 2", "A pageout 0", "A discard 3", "A pin 0 X", "A reclaim 0")) {
            assertThat(leftOut("folio 16\nA write all 1\n" + crowd + "\nA reclaim 0", all))
                    .as(crowd)
                    .isEqualTo(Map.of(Exclusion.CROWD, 1));
        }
        assertThat(leftOut("A write 0 1\nA pageout 0\nA reclaim 0", all)).isEmpty();
    }

    @Test
    void leavesOutPinsOfPagesThatMayBeApart() {
        Capabilities all = Capabilities.without();
        assertThat(leftOut("folio 16\nA write all 1\nA move 2\nA pin 2-3 X\nA dma X.3 2\nA unpin X", all))
                .isEqualTo(Map.of(Exclusion.APART, 3));
        assertThat(leftOut("folio 16\nA write all 1\nA move 1-3\nA pin 2-3 X\nA pin 0 Y\nA pinro 1 Z", all))
                .isEmpty();
        // With the first move removed the pages would be apart, so it counts that each is of a part.
        assertThat(leftOut("folio 16\nA move 2\nA move 3\nA pin 2-3 X", all)).isEqualTo(Map.of(Exclusion.APART, 1));
    }

    /** So that no shrunk script is one that conformance leaves out. */
    @Test
    void noPartOfWhatIsLeftIsLeftOut() {
        SplittableRandom random = new SplittableRandom(7);
        List<Script> scripts = new ArrayList<>(Conformance.randomScripts(300, 9));
        scripts.addAll(Conformance.randomFolioScripts(100, 9, List.of(16, 2048)));
        for (Script script : scripts) {
            for (Capabilities capabilities :
                    List.of(NONE, ALL, new Capabilities(Set.of(), Set.of(2048), false, true))) {
                Script left = Exclusion.apply(script, capabilities, new java.util.EnumMap<>(Exclusion.class));
                Script part = left.with(left.steps().stream()
                        .filter(step -> random.nextBoolean())
                        .toList());
                assertThat(Exclusion.apply(part, capabilities, new java.util.EnumMap<>(Exclusion.class)))
                        .isSameAs(part);
            }
        }
    }

    @Test
    void shrunkScriptsAreComparedAsWellAsLongOnes() {
        FakeKernel kernel = new FakeKernel(Policy.V6_11, NONE, results -> results);
        Conformance.Report report = against(kernel, Policy.V5_9).compare(Conformance.randomScripts(100, 5));
        assertThat(report.findings()).isNotEmpty().allSatisfy(finding -> assertThat(
                        finding.minimal().steps())
                .noneMatch(step -> step.op() == Op.PIN
                        || step.op() == Op.PINRO
                        || step.op() == Op.RECLAIM
                        || step.op() == Op.DIO));
    }

    /** An old kernel asked for small folios: that nothing differs is no pass. */
    @Test
    void whereNothingIsLeftNothingIsJudged() {
        Capabilities old = new Capabilities(Set.of(), Set.of(2048), true, true);
        FakeKernel kernel = new FakeKernel(Policy.V5_9, old, results -> results);
        Script small = parse("folio 64\nA write 0 1");
        Conformance.Report none = against(kernel, Policy.V5_9).compare(List.of(small));
        assertThat(none.judged()).isFalse();
        assertThat(none.steps()).isZero();
        assertThat(none.findings()).isEmpty();
        assertThat(against(kernel, Policy.V5_9)
                        .compare(List.of(small, parse("A write 0 1")))
                        .judged())
                .isTrue();
    }

    @Test
    void asksAKernelThatCannotReclaimAgainWithoutIt() {
        FakeKernel kernel = new FakeKernel(Policy.V5_9, NONE, results -> results);
        Script script = parse("A write 0 1\nA pin 0 X\nA unpin X\nA reclaim 0\nA dio 0 2\nA read 0");
        Conformance.Report report = against(kernel, Policy.V5_9).compare(List.of(script));
        assertThat(report.excluded()).isEqualTo(Map.of(Exclusion.RECLAIM, 1, Exclusion.PIN, 2, Exclusion.DIO, 1));
        assertThat(report.steps()).isEqualTo(2);
        assertThat(report.scripts()).isOne();
        assertThat(report.asked()).containsExactly(new Conformance.Asked(script, report.excluded(), true));
        assertThat(kernel.asked().getLast().steps())
                .noneMatch(step -> step.op() == Op.RECLAIM || step.op() == Op.PIN || step.op() == Op.DIO);
    }

    private final Map<Long, Integer> excluded = new HashMap<>();
    private final Map<String, String> compared = new HashMap<>();

    /** README's numbers of steps, which no kernel is needed for: its policy stands in. */
    @Tag("slow")
    @Test
    void readmeCountsTheSteps() throws IOException {
        long seed = Long.parseLong(
                Documents.figures("kernel conform --cached \\S+ --random \\S+ --seed (\\d+) +# this table")
                        .group(1));
        List<List<String>> table =
                Documents.table("kernel | 5.10.223 | 6.1.176 | 6.12.117 | 7.2.13 | 7.3.4 | 5.10.223 with `wilcox`");
        List<String> scripts = row(table, "random scripts (N)");
        List<String> steps = row(table, "steps");
        for (int column = 1; column < steps.size(); column++) {
            String[] words = scripts.get(column).replace(",", "").split("\\D+");
            long own = words.length > 1 ? Long.parseLong(words[1]) : seed;
            assertThat(steps.get(column))
                    .as(table.getFirst().get(column))
                    .isEqualTo(compared(Integer.parseInt(words[0]), own));
        }
        MatchResult built = Documents.figures("finds 0 mismatches \\((\\S+) scripts: (\\S+) steps\\)");
        assertThat(built.group(2))
                .isEqualTo(compared(Integer.parseInt(built.group(1).replace(",", "")), 1));
        assertThat(Documents.figures("FOLL_LONGTERM without FOLL_WRITE; (\\d+) steps\\)")
                        .group(1))
                .isEqualTo(String.valueOf(excluded.get(seed)));
    }

    private static List<String> row(List<List<String>> table, String start) {
        return table.stream()
                .filter(row -> row.getFirst().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    private String compared(int count, long seed) {
        return compared.computeIfAbsent(count + " of " + seed, ignored -> {
            List<Script> scripts = new ArrayList<>(ShippedScripts.all());
            scripts.addAll(Conformance.randomScripts(count, seed));
            Conformance.Report report =
                    new Conformance(new FakeKernel(Policy.V5_9), Policy.V5_9.rule(), 0, text -> {}).compare(scripts);
            excluded.put(seed, report.excluded().getOrDefault(Exclusion.PINRO, 0));
            return String.format(Locale.ROOT, "%,d", report.steps());
        });
    }
}
