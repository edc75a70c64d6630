package org.cowbench.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;

/** What a script says of a run is held against the run. */
class ExpectationsTest {
    private static final String SWAP_IN = "A write 0 1\nA pageout 0\nA drain\nA fork B\nA write 0 2\nB read 0 -> 1\n";

    private static List<String> unmet(String text, Policy policy) {
        Script script = ScriptParser.parse("f", text);
        return Expectations.evaluate(script, policy.id(), ModelRun.run(script, policy.rule())).stream()
                .map(Expectations.Unmet::text)
                .toList();
    }

    @Test
    void namesTheLineAndWhatWasDone() {
        assertThat(unmet("pages 1\n#expect 0 copy: v5.9\nA write 0 1\n", Policy.V5_9))
                .containsExactly("f:2: step 0, 'A write 0 1': new; expected copy, as #expect says of v5.9");
        assertThat(unmet("pages 1\n#expect 0 copy: v5.9\nA write 0 1\n", Policy.V5_18))
                .isEmpty();
        assertThat(unmet("A write 0 1\nA read 0\n#expect 1 =2: all\n", Policy.V5_18))
                .containsExactly("f:3: step 1, 'A read 0': =1; expected =2, as #expect says of v5.18");
        assertThat(unmet("A write 0 1 #expect 0 new: all\nA read 0 #expect 1 = 01: all\n", Policy.V5_9))
                .isEmpty();
    }

    @Test
    void arrowsAndFinalConditionsAreOfEveryPolicy() {
        assertThat(unmet("A write 0 1\nA read 0 -> 2\nA splice 0 X\nA pin 0 Y\nA 0 = 1\nX = 3\nY = 4", Policy.V5_9))
                .containsExactly(
                        "f:2: step 1, 'A read 0': =1; expected =2",
                        "f:6: step 5, 'A peek X': =1; expected =3",
                        "f:7: step 6, 'A peek Y': =1; expected =4");
        assertThat(unmet("A write 0 1\nA splice 0 X\nA 0 = 1\nX = 1\n", Policy.V5_9))
                .isEmpty();
        assertThat(unmet("A splice 0 X\nA peek X\nX = 0\n", Policy.V5_9))
                .containsExactly("f:3: step 2, 'A peek X': empty; expected =0");
    }

    @Test
    void aWriteThatSwapsInCopiesOrReuses() {
        assertThat(unmet(SWAP_IN + "#expect 4 reuse: wilcox\n#expect 4 copy: linus\n", Policy.LINUS))
                .isEmpty();
        assertThat(unmet(SWAP_IN + "#expect 4 copy: wilcox\n", Policy.WILCOX))
                .containsExactly(
                        "f:7: step 4, 'A write 0 2': swapin reuse; expected copy, as #expect says of wilcox",
                        "f:6: step 5, 'B read 0': =2; expected =1");
    }

    @Test
    void whatAKernelDoesNotShowIsNotJudged() {
        Script script = ScriptParser.parse("f", SWAP_IN + "#expect 4 copy: all\n#expect 5 =1: all\n");
        List<StepResult> kernel = ModelRun.run(script, Policy.WILCOX.rule()).stream()
                .map(old -> new StepResult(
                        old.file(),
                        old.step(),
                        old.operation(),
                        old.before(),
                        old.after(),
                        old.frame(),
                        old.minor(),
                        old.major(),
                        old.value(),
                        old.error()))
                .toList();
        assertThat(kernel.get(4).writeKind()).contains(WriteKind.SWAP_IN);
        assertThat(Expectations.evaluate(script, "v5.9", kernel))
                .hasSize(2)
                .allSatisfy(unmet -> assertThat(unmet.result().step()).isEqualTo(5));
        assertThat(Expectations.evaluate(script, "v5.9", kernel.subList(0, 5))).isEmpty();
        Script quiet = ScriptParser.parse("f", SWAP_IN + "#expect 4 quiet: all\n");
        assertThat(Expectations.evaluate(quiet, "v5.9", kernel.subList(0, 5))).hasSize(1);
    }

    @Test
    void aDirectReadCopiesOrReusesLikeAWrite() {
        String text = "A write 0 1\nA pageout 0\nA drain\nA read 0\nA dio 0 2\n#expect 4 copy: v5.9\n"
                + "#expect 4 reuse: v5.19\n#expect 4 quiet: v6.11\n";
        for (Policy policy : Policy.shipped()) {
            assertThat(unmet(text, policy)).as(policy.id()).isEmpty();
        }
        assertThat(unmet("A dio 0 2\n#expect 0 copy: all", Policy.V5_9))
                .singleElement()
                .asString()
                .contains("new");
        assertThat(unmet("A write 0 1\nA pageout 0\nA dio 0 2\n#expect 2 reuse: v5.9", Policy.V5_9))
                .isEmpty();
    }

    @Test
    void aValueIsLostWhenNobodyWroteOverIt() {
        assertThat(lost("A write 0 1\nA read 0\nA discard 0\nA read 0\nA write 0 2\nA read 0", Policy.ALWAYS_REUSE))
                .isEmpty();
        assertThat(lost("A write 0 1\nA pin 0 X\nA dma X 2\nA read 0\nA unpin X\nA read 0", Policy.V5_9))
                .isEmpty();
        assertThat(lost("A dio 0 1\nA read 0\nA dio 0 2\nA read 0", Policy.V5_9))
                .isEmpty();
        assertThat(lost("A write 0 1\nA fork B\nA dio 0 2\nB read 0", Policy.ALWAYS_REUSE))
                .containsExactly(3);
        assertThat(lost("A write 0 1\nA fork B\nA write 0 2\nB read 0", Policy.ALWAYS_REUSE))
                .containsExactly(3);
        assertThat(lost("A write 0 1\nA protect 0 ro\nA write 0 2\nA read 0", Policy.V5_9))
                .isEmpty();
    }

    private static Set<Integer> lost(String text, Policy policy) {
        return LostValues.of(ModelRun.run(ScriptParser.parse("f", text), policy.rule()));
    }
}
