package org.cowbench.bench.turns;

import static org.assertj.core.api.Assertions.assertThat;

import org.cowbench.policy.Policy;
import org.cowbench.policy.rule.RulePolicy;
import org.junit.jupiter.api.Test;

/** What a lane runs is its own. */
class LaneLoaderTest {

    /** A rule is compiled beside the classes that ask it; else lanes would share its profile. */
    @Test
    void aRuleIsCompiledInsideTheLane() throws ReflectiveOperationException {
        LaneLoader one = new LaneLoader(LaneLoader.class.getClassLoader());
        LaneLoader other = new LaneLoader(LaneLoader.class.getClassLoader());
        System.setProperty(RulePolicy.PROPERTY, "ref == 1 + swapcache");
        System.setProperty(RulePolicy.BASE_PROPERTY, Policy.WILCOX.id());
        try {
            Object rule = rule(one);
            assertThat(rule.getClass().isHidden()).isTrue();
            assertThat(rule.getClass().getClassLoader()).isSameAs(one);
            assertThat(rule.getClass().getSuperclass().getName()).isEqualTo(RulePolicy.class.getName());
            assertThat(rule(other).getClass().getClassLoader()).isSameAs(other);
        } finally {
            System.clearProperty(RulePolicy.PROPERTY);
            System.clearProperty(RulePolicy.BASE_PROPERTY);
        }
    }

    private static Object rule(LaneLoader loader) throws ReflectiveOperationException {
        Class<?> policies = loader.loadClass(Policy.class.getName());
        Object constant = policies.getField(Policy.RULE.name()).get(null);
        return policies.getMethod("rule").invoke(constant);
    }
}
