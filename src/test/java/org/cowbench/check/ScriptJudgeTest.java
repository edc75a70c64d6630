package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.RandomScripts;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.ShippedScripts;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The ghost that judges scripts knows no rule; policies whose violations are known hold it. */
class ScriptJudgeTest {
    private static final Set<Policy> OFTEN = EnumSet.of(Policy.ALWAYS_REUSE, Policy.ALWAYS_COPY, Policy.V5_7);

    private static List<ScriptJudge.Breach> judge(Script script, Policy policy) {
        return ScriptJudge.of(script, ModelRun.run(script, policy.rule()));
    }

    private static List<ScriptJudge.Breach> judge(String script, Policy policy) {
        return judge(ScriptParser.parse("x.litmus", script), policy);
    }

    @ParameterizedTest
    @EnumSource(value = Policy.class, names = "RULE", mode = EnumSource.Mode.EXCLUDE)
    void findsInRandomScriptsOnlyWhatThePolicyViolates(Policy policy) {
        SplittableRandom random = new SplittableRandom(5);
        int found = 0;
        for (int i = 0; i < 400; i++) {
            Script script = RandomScripts.draw(i, RandomScripts.Shape.draw(random));
            for (ScriptJudge.Breach breach : judge(script, policy)) {
                assertThat(policy.violates())
                        .as("%s\n%s", breach, script.text())
                        .contains(breach.property());
                found++;
            }
        }
        // What others violate is too rare to be drawn.
        assertThat(found).isGreaterThanOrEqualTo(OFTEN.contains(policy) ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "seed.litmus, WILCOX, ISOLATION, MEMORY",
        "splice-in-child.litmus, V5_7, SECRECY, PIPE",
        "dma-clean.litmus, V6_11, PIN_COHERENCE, MEMORY"
    })
    void findsTheFamousCases(String file, Policy policy, Property property, ScriptJudge.Shown by) {
        assertThat(judge(ShippedScripts.named(file), policy))
                .extracting(ScriptJudge.Breach::property, ScriptJudge.Breach::by)
                .contains(org.assertj.core.groups.Tuple.tuple(property, by));
        assertThat(judge(ShippedScripts.named(file), Policy.ORACLE)).isEmpty();
    }

    @Test
    void aWriteThatWasMadeOnAnothersPageShowsWithoutARead() {
        assertThat(judge(
                        "A write 0 1\nA pageout 0\nA drain\nA fork B\nA read 0\nA write 0 2\nB write 0 3",
                        Policy.WILCOX))
                .singleElement()
                .satisfies(breach -> {
                    assertThat(breach.step()).isEqualTo(6);
                    assertThat(breach.seen()).isEqualTo(2);
                    assertThat(breach.due()).hasValue(1);
                });
    }

    @Test
    void anOwnersWriteMayShowInAPipeAndAnothersMayNot() {
        assertThat(judge("A write 0 1\nA splice 0 X\nA write 0 2\nA peek X", Policy.ALWAYS_REUSE))
                .isEmpty();
        assertThat(judge("A write 0 1\nA fork B\nA splice 0 X\nB write 0 2\nA peek X", Policy.ALWAYS_REUSE))
                .extracting(ScriptJudge.Breach::property)
                .containsExactly(Property.SECRECY);
    }
}
