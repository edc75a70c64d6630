package org.cowbench.litmus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every shipped script says what each policy does, and each policy does it. */
class ShippedScriptsTest {

    static Stream<Script> scripts() {
        return Stream.of(
                        ShippedScripts.all(),
                        ShippedScripts.zram(),
                        ShippedScripts.counters(),
                        ShippedScripts.writeback())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void everyPolicyDoesWhatTheScriptSays(Script script) {
        assertThat(script.expectations())
                .as("%s has #expect lines", script.file())
                .isNotEmpty();
        for (Policy policy : Policy.shipped()) {
            List<StepResult> results = ModelRun.run(script, policy.rule());
            assertThat(Expectations.evaluate(script, policy.id(), results))
                    .as("%s under %s", script.file(), policy.id())
                    .allSatisfy(
                            unmet -> assertThat(unmet.policy()).as(unmet.text()).isNull());
        }
    }

    /** Where a must-see value is stated, a policy that shows another says so in its #expect line: known by name. */
    @ParameterizedTest
    @MethodSource("scripts")
    void whatAPolicyShowsAgainstTheScriptIsExpectedOfIt(Script script) {
        for (Policy policy : Policy.shipped()) {
            for (StepResult result : ModelRun.run(script, policy.rule())) {
                if (result.violated()) {
                    assertThat(script.expectations())
                            .as("%s under %s, step %d", script.file(), policy.id(), result.step())
                            .anySatisfy(each -> {
                                assertThat(each.step()).isEqualTo(result.step());
                                assertThat(each.what())
                                        .isEqualTo("=" + result.value().getAsLong());
                                assertThat(each.policies()).contains(policy.id());
                            });
                }
            }
        }
    }

    @Test
    void whatMustBeSeenIsStated() {
        assertThat(scripts()
                        .filter(script -> script.steps().stream()
                                .anyMatch(step -> step.expected().isPresent()))
                        .map(Script::file))
                .contains("pin-fork.litmus", "pin-write-protect.litmus", "dma-clean.litmus");
        Script pinned = scripts()
                .filter(script -> script.file().equals("pin-fork.litmus"))
                .findFirst()
                .orElseThrow();
        assertThat(ModelRun.run(pinned, Policy.V5_8.rule())).anyMatch(StepResult::violated);
        assertThat(ModelRun.run(pinned, Policy.V5_9.rule())).noneMatch(StepResult::violated);
    }

    @Test
    void everyRowOfTheScenarioTableThatAScriptCanShowIsThere() {
        // Row 2 needs writeback that goes on, on a device that wants stable pages, and row 4 a second CPU: MachineTest.
        // Row 9
        // is about huge pages.
        assertThat(scripts().map(Script::file))
                .contains(
                        "private-reread.litmus",
                        "local-batch.litmus",
                        "write-swap-in.litmus",
                        "child-gone.litmus",
                        "seed.litmus",
                        "splice-in-child.litmus",
                        "splice-swap-cache.litmus",
                        "splice-swap-fault.litmus",
                        "pin-write-protect.litmus",
                        "splice-own-page.litmus",
                        "pinro-shared.litmus",
                        "pin-fork.litmus",
                        "dma-clean.litmus");
    }
}
