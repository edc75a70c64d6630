package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.golden.Golden;
import org.cowbench.litmus.ModelRun;
import org.cowbench.litmus.StepResult;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy.LargeFolios;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every policy is judged as declared also of large folios, in scopes smaller than those of {@code check --folio}: no
 * property is violated that it does not violate of base pages. The golden file has verdicts, known cases and how many
 * states and transitions each search has, to the last one.
 */
@Tag("slow")
class FolioVerdictsTest {

    private static List<Scope> scopes(int folio) {
        Set<Move> all = EnumSet.allOf(Move.class);
        return List.of(
                Scope.folio(folio, 2, 0, 7, Scope.folios(folio).getFirst().moves()),
                Scope.folio(folio, 2, 1, 4, all),
                Scope.folio(folio, 3, 1, 4, all));
    }

    @ParameterizedTest
    @ValueSource(ints = {Scope.MTHP, Scope.THP})
    void everySearchIsThatOfItsGoldenFile(int folio) throws IOException {
        StringBuilder table =
                new StringBuilder("Of each search: states, transitions, depth, needless copies, copies that "
                        + "hold memory, most pages held, what is violated and by how many moves.\n");
        for (Scope scope : scopes(folio)) {
            table.append('\n').append(scope.title()).append('\n');
            for (Policy policy : Policy.shipped()) {
                if (folio == Scope.THP || policy.rule().largeFolios() == LargeFolios.ANY) {
                    table.append(line(policy, scope));
                }
            }
        }
        Golden.check("check-folio-" + folio + ".txt", table.toString());
    }

    private static String line(Policy policy, Scope scope) {
        try (Explorer explorer = new Explorer(
                policy.id(), policy.rule(), scope, 2, 1L << 30, (states, transitions, queue, depth) -> {})) {
            CheckResult result = explorer.explore();
            assertThat(result.ending().early()).isFalse();
            assertThat(result.outOfFrames()).isZero();
            List<Violation> violations = result.verdicts().values().stream()
                    .filter(Verdict.Unsafe.class::isInstance)
                    .map(Verdict.Unsafe.class::cast)
                    .flatMap(unsafe -> unsafe.violations().stream())
                    .toList();
            assertThat(violations).extracting(Violation::property).isSubsetOf(policy.violates());
            violations.forEach(violation -> assertRuns(violation, policy));
            return String.format(
                    Locale.ROOT,
                    "%-13s %8d %9d %3d %6d %6d %2d%s%n",
                    policy.id(),
                    result.states(),
                    result.transitions(),
                    result.depth(),
                    result.needless(),
                    result.heldForNothing().count(),
                    result.mostHeld(),
                    violations.stream()
                            .map(each -> ", " + each.property().id() + " "
                                    + KnownCase.of(each).label() + " " + each.moves())
                            .collect(Collectors.joining()));
        }
    }

    private static void assertRuns(Violation violation, Policy policy) {
        List<StepResult> results = ModelRun.run(violation.script(), policy.rule());
        assertThat(results).as(violation.script().text()).allMatch(step -> step.error() == null);
        assertThat(results.getLast().value())
                .as(violation.script().text())
                .isNotEqualTo(violation.script().steps().getLast().expected());
    }
}
