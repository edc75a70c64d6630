package org.cowbench.report.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.cowbench.check.CheckResult;
import org.cowbench.check.Judgement;
import org.cowbench.check.KnownCase;
import org.cowbench.check.Move;
import org.cowbench.check.Relative;
import org.cowbench.check.Scope;
import org.cowbench.check.Verdict;
import org.cowbench.check.Violation;
import org.cowbench.policy.rule.RulePolicy;
import org.jspecify.annotations.Nullable;

/**
 * What the checker found as one JSON object.
 *
 * <p>{@code schema} 1; {@code version} of cowbench, {@code commit} (empty outside a checkout) and {@code dirty} (whether
 * sources differ from it); {@code policies}: a list of objects with {@code policy}, for a rule of the user's
 * its text as {@code rule} and the policy that decides all else as {@code base}, {@code verdicts} (by property:
 * {@code safe}, {@code within N}, {@code not judged} or {@code UNSAFE}), {@code safe} (by property that is: the scope
 * in which every reachable state keeps it as {@code fixpoint}, and in {@code beyond} the {@code scope}s in which no path
 * up to a {@code depth} violates it), {@code unsafe} (whether any is), {@code needlessCopies} (of the first search) and
 * {@code needlessExample} (a script or null), of folios {@code copiesHoldingMemory} with {@code copiesHoldingMemoryExample}
 * and {@code mostPagesHeld}, {@code violations} and {@code searches}. Where the verdict relative to a
 * kernel is known, {@code against} has its policy as {@code base}, the {@code verdict} in words, whether no search stopped
 * early ({@code settled}), and what the policy {@code adds} and {@code closes}: lists of {@code case}, {@code property}
 * and {@code script} (null where the case is declared, not searched for).
 *
 * <p>A violation has {@code property}, {@code cause}, {@code shownBy} ({@code memory}, {@code pipe}, {@code pin} or
 * {@code bookkeeping}), {@code title}, {@code why}, {@code moves}, {@code shortest} (whether every path with fewer moves
 * was tried), {@code scope}, {@code script} (the text of a litmus script), {@code scriptShowsIt} (false when the
 * environment's moves are needed), {@code did} (a text a step), {@code environment} (objects with {@code before}, the
 * number of steps before it, and {@code move}) and {@code message} (what is wrong with the counts, or empty).
 *
 * <p>A search has {@code scope} ({@code processes}, {@code pages}, {@code references}, {@code environment},
 * {@code depth}, {@code moves}, {@code symmetry}), {@code states}, {@code transitions}, {@code depth} reached,
 * {@code complete} (whether the fixpoint was reached), {@code stopped} (what stopped it else), {@code stoppedEarly}
 * (whether that was not the scope's own depth), {@code collisionProbability}, {@code outOfFrames}, {@code bytes} (memory
 * of states and fingerprints) and {@code seconds}.
 */
public final class CheckJson {
    private static final ObjectMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private CheckJson() {}

    /**
     * Writes the object.
     *
     * @param found what was judged
     * @return the object, its last line ended
     */
    public static String write(CheckFindings found) {
        CheckHead head = found.head();
        ObjectNode root = MAPPER.createObjectNode()
                .put("schema", 1)
                .put("version", head.version())
                .put("commit", head.revision().commit())
                .put("dirty", head.revision().dirty());
        ArrayNode policies = root.putArray("policies");
        for (Judgement judgement : found.judgements()) {
            ObjectNode policy = policies.addObject().put("policy", judgement.policy());
            if (head.rule() != null && judgement.policy().equals(RulePolicy.ID)) {
                policy.put("rule", head.rule()).put("base", head.base());
            }
            ObjectNode verdicts = policy.putObject("verdicts");
            ObjectNode safe = policy.putObject("safe");
            judgement.verdicts().forEach((property, verdict) -> {
                verdicts.put(property.id(), verdict.word());
                if (verdict instanceof Verdict.Safe proved) {
                    ArrayNode beyond = safe.putObject(property.id())
                            .put("fixpoint", proved.fixpoint().title())
                            .putArray("beyond");
                    proved.beyond().forEach(each -> beyond.addObject()
                            .put("scope", each.scope().title())
                            .put("depth", each.depth()));
                }
            });
            CheckResult first = judgement.results().getFirst();
            policy.put("unsafe", judgement.unsafe())
                    .put("needlessCopies", first.needless())
                    .put("needlessExample", example(first.needlessCopies()));
            if (first.scope().folio() > 0) {
                policy.put("copiesHoldingMemory", first.heldForNothing().count())
                        .put("copiesHoldingMemoryExample", example(first.heldForNothing()))
                        .put("mostPagesHeld", first.mostHeld());
            }
            found.relative(judgement).ifPresent(relative -> relative(policy.putObject("against"), relative));
            ArrayNode violations = policy.putArray("violations");
            judgement.violations().forEach(each -> violation(violations.addObject(), each));
            ArrayNode searches = policy.putArray("searches");
            judgement.results().forEach(each -> search(searches.addObject(), each));
        }
        try {
            return MAPPER.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable String example(CheckResult.Cost cost) {
        return cost.example() == null ? null : cost.example().text();
    }

    private static void relative(ObjectNode node, Relative relative) {
        node.put("base", relative.base()).put("verdict", relative.words()).put("settled", relative.settled());
        cases(node.putArray("adds"), relative.adds());
        cases(node.putArray("closes"), relative.closes());
    }

    private static void cases(ArrayNode array, List<Relative.Case> cases) {
        cases.forEach(each -> array.addObject()
                .put("case", each.label())
                .put("property", each.property().id())
                .put(
                        "script",
                        each.violation() == null
                                ? null
                                : each.violation().script().text()));
    }

    private static void violation(ObjectNode node, Violation violation) {
        KnownCase known = KnownCase.of(violation);
        node.put("property", violation.property().id())
                .put("cause", violation.cause().text())
                .put("shownBy", violation.shownBy().toString())
                .put("title", known.title())
                .put("why", known.why())
                .put("moves", violation.moves())
                .put("shortest", violation.shortest())
                .put("scope", violation.scope().title())
                .put("script", violation.script().text())
                .put("scriptShowsIt", violation.scriptShowsIt());
        ArrayNode did = node.putArray("did");
        violation.did().forEach(step -> did.add(step.text()));
        ArrayNode environment = node.putArray("environment");
        violation
                .environment()
                .forEach(move ->
                        environment.addObject().put("before", move.before()).put("move", move.text()));
        node.put("message", violation.message());
    }

    private static void search(ObjectNode node, CheckResult result) {
        Scope scope = result.scope();
        ArrayNode moves = node.putObject("scope")
                .put("processes", scope.processes())
                .put("pages", scope.pages())
                .put("references", scope.references())
                .put("environment", scope.environment())
                .put("folio", scope.folio())
                .put("depth", scope.depth())
                .put("symmetry", scope.symmetry())
                .putArray("moves");
        scope.moves().stream().sorted().map(Move::word).forEach(moves::add);
        node.put("states", result.states())
                .put("transitions", result.transitions())
                .put("depth", result.depth())
                .put("complete", result.complete())
                .put("stopped", result.stopped())
                .put("stoppedEarly", result.ending().early())
                .put("collisionProbability", result.collisionProbability())
                .put("outOfFrames", result.outOfFrames())
                .put("bytes", result.bytes())
                .put("seconds", result.seconds());
    }
}
