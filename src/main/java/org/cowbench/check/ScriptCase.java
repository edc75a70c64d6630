package org.cowbench.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.Step;
import org.cowbench.litmus.StepResult;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.ReusePolicy;

/**
 * Names what a script has shown, wherever it ran. A kernel tells which frame a page is in but not which decision put it
 * there; so a rule that shows the same makes the decisions again, and the case is that of these.
 */
public final class ScriptCase {

    private ScriptCase() {}

    /**
     * Names a breach.
     *
     * @param script the script, of base pages
     * @param breach what it showed
     * @param rule a rule that may show the same
     * @param machine what the machine is like
     * @return the case; empty if this rule does not show it
     */
    public static Optional<KnownCase> of(
            Script script, ScriptJudge.Breach breach, ReusePolicy rule, MachineOptions machine) {
        List<StepResult> results = new ArrayList<>();
        List<StepOutcome> did = new ArrayList<>();
        try (ModelRun run = new ModelRun(script, rule, machine)) {
            run.run(result -> {
                results.add(result);
                did.add(outcome(result.operation(), run.outcome()));
            });
        }
        boolean shown = ScriptJudge.of(script, results).stream()
                .anyMatch(each -> each.property() == breach.property()
                        && each.by() == breach.by()
                        && each.step() == breach.step());
        if (!shown) {
            return Optional.empty();
        }
        int moves = breach.step();
        Script told = script.with(script.steps().subList(0, moves + 1));
        if (moves == 0) {
            return Optional.of(KnownCase.UNNAMED);
        }
        // No search found it, so its scope says nothing.
        return Optional.of(KnownCase.of(new Violation(
                Scope.fixpoint(),
                breach.property(),
                did.get(moves - 1).cause(),
                breach.by() == ScriptJudge.Shown.PIN,
                told,
                did.subList(0, moves + 1),
                List.of(),
                moves,
                "")));
    }

    private static StepOutcome outcome(Step step, int outcome) {
        boolean takes = step.op().takesReference();
        return step.op().fillsPage() || step.op() == Op.READ || takes
                ? new StepOutcome.Access(outcome, takes, OptionalInt.empty())
                : StepOutcome.Plain.NOTHING;
    }
}
