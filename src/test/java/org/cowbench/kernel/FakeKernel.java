package org.cowbench.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Situation;

/** A kernel that is a policy of the model, with results changed on the way. */
final class FakeKernel implements KernelSession {
    private final Policy policy;
    private final Capabilities capabilities;
    private final UnaryOperator<List<StepResult>> change;
    private final List<Script> asked = new ArrayList<>();
    private UnaryOperator<ScriptRun> says = UnaryOperator.identity();
    private int restarts;

    FakeKernel(Policy policy, Capabilities capabilities, UnaryOperator<List<StepResult>> change) {
        this.policy = policy;
        this.capabilities = capabilities;
        this.change = change;
    }

    FakeKernel(Policy policy) {
        this(policy, Capabilities.without(Op.PINRO), UnaryOperator.identity());
    }

    @Override
    public void run(List<Script> scripts, Consumer<ScriptRun> each) {
        for (Script script : scripts) {
            asked.add(script);
            each.accept(says.apply(new ScriptRun(script, change.apply(ModelRun.run(script, policy.rule())))));
        }
    }

    /** Changes what becomes of scripts: what the log says, and how they end. */
    FakeKernel saying(UnaryOperator<ScriptRun> said) {
        says = said;
        return this;
    }

    /** How often it was started again. */
    int restarts() {
        return restarts;
    }

    @Override
    public void restart() {
        restarts++;
    }

    @Override
    public boolean readsLog() {
        return true;
    }

    List<Script> asked() {
        return asked;
    }

    @Override
    public GuestBench measure(Situation situation, int pages) {
        throw new UnsupportedOperationException("not a clock");
    }

    @Override
    public GuestBench measure(FolioKind kind, Situation situation, int pages) {
        return measure(situation, pages);
    }

    @Override
    public String release() {
        return "fake";
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void close() {}
}
