package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.policy.rule.WrittenRule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In every state that a scope reaches, a rule given as text decides as the policy that says the same. Not to the
 * fixpoint, which takes minutes for all and tells no more of a rule.
 */
@Tag("slow")
class WrittenRuleTest {
    private static final Scope SCOPE = new Scope(2, 1, 1, 0, 8, EnumSet.allOf(Move.class), true);

    @ParameterizedTest
    @EnumSource
    void aRuleReachesTheStatesOfItsPolicy(WrittenRule written) {
        CheckResult own = explore(written.policy(), written.compiled());
        CheckResult builtIn = explore(written.policy(), written.policy().rule());
        assertThat(own.depth()).isEqualTo(SCOPE.depth());
        assertThat(own)
                .usingRecursiveComparison()
                .ignoringFields("bytes", "seconds")
                .isEqualTo(builtIn);
    }

    private static CheckResult explore(Policy policy, ReusePolicy rule) {
        try (Explorer explorer =
                new Explorer(policy.id(), rule, SCOPE, 1, 1L << 28, (states, transitions, queue, depth) -> {})) {
            return explorer.explore();
        }
    }
}
