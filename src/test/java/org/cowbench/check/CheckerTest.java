package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.policy.Property;
import org.junit.jupiter.api.Test;

/** One verdict out of several scopes'. */
class CheckerTest {
    private static final Scope SMALL = Scope.fixpoint();
    private static final Script SCRIPT = ScriptParser.parse("x", "A write 0 1\nA read 0 -> 2\n");
    private static final Verdict SAFE = new Verdict.Safe(SMALL, List.of());

    private static Violation violation(Cause cause, int moves, boolean environment) {
        return new Violation(
                SMALL,
                Property.ISOLATION,
                cause,
                false,
                SCRIPT,
                List.of(StepOutcome.Plain.NOTHING, StepOutcome.Plain.NOTHING),
                environment ? List.of(new Violation.EnvironmentMove(0, "the swap device stalls")) : List.of(),
                moves,
                "");
    }

    private static CheckResult result(Verdict isolation) {
        Map<Property, Verdict> verdicts = new EnumMap<>(Property.class);
        EnumSet.allOf(Property.class).forEach(property -> verdicts.put(property, SAFE));
        verdicts.put(Property.ISOLATION, isolation);
        return new CheckResult(
                "p",
                SMALL,
                verdicts,
                1,
                1,
                1,
                Ending.FIXPOINT,
                CheckResult.Cost.NONE,
                CheckResult.Cost.NONE,
                0,
                0,
                1,
                1);
    }

    private static Verdict merge(Verdict... verdicts) {
        return Checker.merge(List.of(verdicts).stream().map(CheckerTest::result).toList())
                .get(Property.ISOLATION);
    }

    @Test
    void oneScopeThatFindsSomethingIsEnough() {
        Verdict.Unsafe unsafe = new Verdict.Unsafe(List.of(violation(Cause.WP_REUSE, 3, false)));
        assertThat(merge(SAFE, new Verdict.SafeWithin(5, "depth"), unsafe)).isEqualTo(unsafe);
    }

    @Test
    void aFixpointOutweighsABound() {
        assertThat(merge(new Verdict.SafeWithin(1, "depth"), SAFE))
                .isEqualTo(new Verdict.Safe(SMALL, List.of(new Verdict.Bound(SMALL, 1))));
    }

    @Test
    void ofBoundsTheSmallestIsPromised() {
        assertThat(merge(new Verdict.SafeWithin(7, "depth"), new Verdict.SafeWithin(5, "depth"))
                        .word())
                .isEqualTo("within 5");
    }

    @Test
    void whatNoScopeCanViolateIsNotJudged() {
        Verdict not = new Verdict.NotJudged("no pin is taken");
        assertThat(merge(not, not)).isEqualTo(not);
        assertThat(merge(not, SAFE)).isEqualTo(SAFE);
        assertThat(merge(not, new Verdict.SafeWithin(5, "depth")).word()).isEqualTo("within 5");
    }

    @Test
    void ofEachKindTheOneThatAScriptShowsThenTheShortestIsKept() {
        Violation longer = violation(Cause.WP_REUSE, 5, false);
        Violation shorter = violation(Cause.WP_REUSE, 4, false);
        Violation shortestWithHelp = violation(Cause.WP_REUSE, 3, true);
        Violation other = violation(Cause.OTHER, 6, false);
        Verdict merged = merge(
                new Verdict.Unsafe(List.of(longer, other)),
                new Verdict.Unsafe(List.of(shorter)),
                new Verdict.Unsafe(List.of(shortestWithHelp)));
        assertThat(merged).isEqualTo(new Verdict.Unsafe(List.of(shorter, other)));
    }
}
