package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;

/** Fake kernels held against policies. */
abstract class ConformanceFixture {
    static final Capabilities ALL = Capabilities.without(Op.PINRO);
    static final Capabilities NONE = Capabilities.without(Op.RECLAIM, Op.PIN, Op.DIO, Op.PINRO);

    static Conformance against(KernelSession kernel, Policy policy) {
        return new Conformance(kernel, policy.rule(), 2, text -> {});
    }

    static Script parse(String text) {
        return ScriptParser.parse("test.litmus", text);
    }

    static List<StepResult> last(List<StepResult> results, StepResult last) {
        List<StepResult> changed = new ArrayList<>(results);
        changed.set(results.size() - 1, last);
        return changed;
    }

    static StepResult found(StepResult old, long beneath, OptionalInt torn) {
        return new StepResult(
                old.file(),
                old.step(),
                old.operation(),
                old.before(),
                old.after(),
                old.frame(),
                old.minor(),
                old.major(),
                old.value(),
                old.error(),
                OptionalLong.of(beneath),
                torn);
    }
}
