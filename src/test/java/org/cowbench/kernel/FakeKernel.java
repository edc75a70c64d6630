package org.cowbench.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
public final class FakeKernel implements KernelSession {
    private static final long COPY = 3000;
    private static final long REUSE = 2000;

    private final Policy policy;
    private final Capabilities capabilities;
    private final UnaryOperator<List<StepResult>> change;
    private final List<Script> asked = new ArrayList<>();
    private final List<Duration> silences = new ArrayList<>();
    private UnaryOperator<ScriptRun> says = UnaryOperator.identity();
    private int restarts;

    FakeKernel(Policy policy, Capabilities capabilities, UnaryOperator<List<StepResult>> change) {
        this.policy = policy;
        this.capabilities = capabilities;
        this.change = change;
    }

    /**
     * A kernel that does what a policy does.
     *
     * @param policy the policy
     */
    public FakeKernel(Policy policy) {
        this(policy, Capabilities.without(Op.PINRO), UnaryOperator.identity());
    }

    /**
     * The same, that can also do what few kernels can.
     *
     * @param policy the policy
     * @return the kernel
     */
    public static FakeKernel able(Policy policy) {
        return new FakeKernel(policy, Capabilities.without(), UnaryOperator.identity());
    }

    @Override
    public void run(List<Script> scripts, Consumer<ScriptRun> each) {
        for (Script script : scripts) {
            asked.add(script);
            each.accept(says.apply(new ScriptRun(script, change.apply(ModelRun.run(script, policy.rule())))));
        }
    }

    /**
     * Changes what becomes of scripts: what the log says, and how they end.
     *
     * @param said the change
     * @return this
     */
    public FakeKernel saying(UnaryOperator<ScriptRun> said) {
        says = said;
        return this;
    }

    @Override
    public ScriptRun ask(Script script, Duration silence) {
        silences.add(silence);
        return ask(script);
    }

    /** How long it might have been silent, each time that somebody said so. */
    List<Duration> silences() {
        return silences;
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

    /**
     * What it was asked.
     *
     * @return the scripts
     */
    public List<Script> asked() {
        return asked;
    }

    @Override
    public GuestBench measure(Situation situation, int pages) {
        boolean copies =
                situation == Situation.FORK_SHARED || situation == Situation.HIDDEN_SHARER || policy == Policy.V5_9;
        long write = copies ? COPY : REUSE;
        List<GuestBench.Pass> passes = new ArrayList<>();
        if (situation.steps().contains(Situation.Step.READ)) {
            passes.add(new GuestBench.Pass("read", ticks(REUSE, pages), pages, 0, pages, 0));
        }
        passes.add(new GuestBench.Pass("write", ticks(write, pages), copies ? 0 : pages, copies ? pages : 0, pages, 0));
        return new GuestBench(situation, 4, passes);
    }

    private static long[] ticks(long each, int pages) {
        long[] ticks = new long[pages];
        Arrays.fill(ticks, each);
        return ticks;
    }

    @Override
    public GuestBench measure(FolioKind kind, Situation situation, int pages) {
        return new GuestBench(situation, 0, List.of(), List.of(), Optional.of("unavailable: no folios"));
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
