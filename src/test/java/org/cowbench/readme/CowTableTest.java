package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cowbench.litmus.selftest.CowOutcome.Kind;
import org.cowbench.litmus.selftest.CowTest;
import org.cowbench.policy.Policy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The guide's table of what each policy makes of cow.c. */
class CowTableTest {
    private static final List<Policy> POLICIES = List.of(
            Policy.V5_7,
            Policy.V5_8,
            Policy.V5_9,
            Policy.LIANG,
            Policy.WILCOX,
            Policy.LINUS,
            Policy.V5_18,
            Policy.V5_19,
            Policy.V6_11,
            Policy.V6_15,
            Policy.V7_0,
            Policy.V7_3);

    private static final int PMD_KIB = 2048;
    private static final int PREPARATIONS = 10;

    /** Preparations that every policy treats alike are one row; smaller folios, which no rule that fails has, are none. */
    @Tag("slow")
    @Test
    void whatEachPolicyMakesOfEachCase() throws IOException {
        Map<String, Map<List<String>, Set<String>>> cases = new LinkedHashMap<>();
        for (CowTest test : CowTest.all()) {
            if (test.kib() > 0 && test.kib() < PMD_KIB) {
                POLICIES.forEach(
                        policy -> assertThat(test.predict(policy.rule()).kind())
                                .as("%s, %s", test.name(), policy)
                                .isEqualTo(policy.compareTo(Policy.V6_11) < 0 ? Kind.SKIP : Kind.PASS));
                continue;
            }
            List<String> row = new ArrayList<>();
            POLICIES.forEach(policy -> {
                Kind kind = test.predict(policy.rule()).kind();
                row.add(kind == Kind.FAIL ? "**fail**" : kind.toString());
            });
            cases.computeIfAbsent(test.description(), name -> new LinkedHashMap<>())
                    .computeIfAbsent(row, name -> new LinkedHashSet<>())
                    .add(test.preparation());
        }
        List<List<String>> rows = new ArrayList<>();
        cases.forEach((name, outcomes) -> outcomes.forEach((row, preparations) -> {
            List<String> cells = new ArrayList<>(
                    List.of(name, preparations.size() == PREPARATIONS ? "all" : String.join("; ", preparations)));
            cells.addAll(row);
            rows.add(cells);
        }));
        StringBuilder table = new StringBuilder();
        rows.forEach(row -> table.append("| ").append(String.join(" | ", row)).append(" |\n"));
        List<List<String>> guide = Documents.table("case of cow.c");
        assertThat(guide.subList(1, guide.size())).as("%n%s", table).isEqualTo(rows);
    }
}
