package org.cowbench.litmus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.cowbench.arena.ArenaSpec;
import org.cowbench.arena.PageArena;
import org.cowbench.litmus.RandomScripts.Shape;
import org.cowbench.machine.Machine;
import org.cowbench.machine.MachineOptions;
import org.cowbench.policy.Policy;
import org.cowbench.policy.ReusePolicy;
import org.cowbench.policy.rule.RuleException;
import org.cowbench.policy.rule.RulePolicy;
import org.cowbench.policy.rule.WrittenRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules given as text: those that say what a built-in policy says behave like it, those that say nothing are refused. */
class RulePolicyTest {
    private static final int SCRIPTS = 300;
    private static final Shape SHAPE = new Shape(3, 2, 60, 2, true);

    @ParameterizedTest
    @EnumSource
    void aRuleThatSaysWhatAPolicySaysDoesWhatItDoes(WrittenRule written) {
        ReusePolicy own = written.compiled();
        ReusePolicy builtIn = written.policy().rule();
        for (long seed = 1; seed <= SCRIPTS; seed++) {
            Script script = RandomScripts.draw(seed, SHAPE);
            assertThat(ModelRun.run(script, own)).as("seed %d", seed).isEqualTo(ModelRun.run(script, builtIn));
        }
        for (Script script : ShippedScripts.all()) {
            assertThat(ModelRun.run(script, own)).as(script.file()).isEqualTo(ModelRun.run(script, builtIn));
        }
    }

    @Test
    void theScriptsTellTheRulesApart() {
        // Else the equality above would prove nothing.
        ReusePolicy own = RulePolicy.of("mapcount == 1 && ref == 1 + swapcache", Policy.V5_9.rule());
        long different = java.util.stream.LongStream.rangeClosed(1, SCRIPTS)
                .mapToObj(seed -> RandomScripts.draw(seed, SHAPE))
                .filter(script -> !ModelRun.run(script, own).equals(ModelRun.run(script, Policy.V5_9.rule())))
                .count();
        assertThat(different).isGreaterThan(SCRIPTS / 10);
    }

    /** A page with one mapping, waiting in the batch: references 2, mapped once, outside the swap cache. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
        ref;                                1
        ref - 2;                            0
        !ref;                               0
        !swapcache;                         1
        ref == 2;                           1
        !ref == 2;                          0
        !!ref + 1 == 2;                     1
        (ref > 1) + (ref > 0) == 2;         1
        2 == (ref > 1);                     0
        (ref > 1) == 1;                     1
        ref == 1 + mapcount;                1
        -ref + 2;                           0
        - -ref;                             1
        ref * 3 == 6;                       1
        2 + 2 * 2 == 6;                     1
        (2 + 2) * 2 == 8;                   1
        1 || 0 && 0;                        1
        0 && drain();                       0
        0 && drain() || ref == 2;           1
        drain() && ref == 1;                1
        ref == 2 && drain() && ref == 1;    1
        lru;                                0
        drain() && lru;                     1
        1 || drain() && ref == 1;           1
        swapcache ? 0 : 1;                  1
        n == 1 && lmap == 1 && mine == 1;   1
        shared || excl;                     0
        0 ? 1 : 0 ? 1 : 2;                  1
        mapcount < ref && ref >= 2;         1
        swapcount || writeback || pinned || exclusive || free_swap(); 0
        (1 && 2) == 1;                      1
        100000000 * 100000000 * 100000000 > 0; 1
        65536 * 65536 * 65536 * 65536;      0
        """)
    void operatorsMeanWhatTheyMeanInC(String rule, int reuses) {
        RulePolicy policy = RulePolicy.of(rule, Policy.V5_9.rule());
        try (PageArena arena = PageArena.allocate(ArenaSpec.roomy(1, 1, 1, 0, policy.lruBatch(), Long.BYTES))) {
            Machine machine = new Machine(arena, policy, MachineOptions.LITMUS);
            machine.write(0, 0, 1);
            machine.protect(0, 0, false);
            machine.protect(0, 0, true);
            int frame = machine.frameOf(0, 0);
            machine.write(0, 0, 2);
            assertThat(machine.frameOf(0, 0) == frame).isEqualTo(reuses == 1);
            machine.validate();
        }
    }

    /** The longest and deepest that are taken; half a megabyte is half of what threads have. */
    @Test
    void rulesThatAreTakenNeedLittleStack() throws InterruptedException {
        List<String> rules = List.of(
                "(".repeat(50) + "ref == 1" + ")".repeat(50),
                "!".repeat(50) + "ref",
                "!(".repeat(25) + "ref" + ")".repeat(25),
                "- ".repeat(50) + "ref",
                "ref ? 1 : ".repeat(50) + "0",
                "(ref ? ".repeat(25) + "1" + " : 0)".repeat(25),
                "ref" + " * ref".repeat(249),
                "ref" + " && ref".repeat(249),
                "ref" + " || ref".repeat(249),
                "!ref" + " + !ref".repeat(160),
                "(ref) - " + "(ref - ".repeat(50) + "1" + ")".repeat(50));
        Script script = ScriptParser.parse("x", "A write 0 1\nA fork B\nA write 0 2\n");
        List<Throwable> failures = new ArrayList<>();
        Thread thread = new Thread(
                null,
                () -> rules.forEach(rule -> ModelRun.run(script, RulePolicy.of(rule, Policy.V5_9.rule()))),
                "small",
                512 << 10);
        thread.setUncaughtExceptionHandler((who, what) -> failures.add(what));
        thread.start();
        thread.join();
        assertThat(failures).isEmpty();
    }

    @Test
    void longerAndDeeperRulesAreRefusedInALine() {
        refused("(".repeat(51) + "ref" + ")".repeat(51), "character 51: more than 50 of ( ! - ? inside one another");
        refused("(".repeat(400) + "ref", "character 51: more than 50");
        refused("!".repeat(6000) + "ref", "character 51: more than 50");
        refused("!(".repeat(30) + "ref" + ")".repeat(30), "character 51: more than 50");
        refused("- ".repeat(60) + "ref", "character 101: more than 50");
        refused("ref ? 1 : ".repeat(60) + "0", "character 505: more than 50");
        refused("ref" + " + ref".repeat(250), "the rule has more than 500 words and signs");
    }

    private static void refused(String rule, String message) {
        assertThatThrownBy(() -> RulePolicy.of(rule, Policy.V5_9.rule()))
                .isInstanceOf(RuleException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', nullValues = "-", textBlock = """
        "";                         0; the rule ends where a count
        ref ==;                     6; the rule ends where a count
        ref == 1 &&;                11; the rule ends where a count
        ref = 1;                    4; == was expected
        ref == 1 & lru;             9; && was expected
        ref == 1 and lru;           9; unknown name 'and'
        refs == 1;                  0; known: excl, exclusive, lmap, lru, mapcount, mine, n, pinned, ref, shared, swapcache, swapcount, writeback and
        n == 1 || lmaps == ref;     10; unknown name 'lmaps'
        lmap() == ref;              4; an operator or the end
        lru && refcount == 1;       7; functions drain(), free_swap()
        (ref == 1;                  9; the ) of the ( at character 1
        ref == 1);                  8; without its (
        ref 1;                      4; an operator or the end
        ref == 1 lru;               9; an operator or the end
        ref == == 1;                7; found == where
        ref == 1 + drain;           16; () was expected
        ref();                      3; an operator or the end
        drain(1);                   5; () was expected
        ref == 010;                 7; not a number
        ref == 1234567890;          7; not a number
        ref == 1.5;                 8; no members
        ref.foo();                  3; no members
        lru ? 1;                    7; the : of the ? at character 5
        (lru ? 1);                  8; the : of the ? at character 6
        lru : 1;                    4; without its ?
        ref == 1 % 2;               9; no meaning in a rule
        new x;                      0; unknown name 'new'
        ref == 'x';                 7; no meaning in a rule
        1 < ref < 3;                8; parentheses may help
        ref == 1 == 1;              9; parentheses may help
        ref -- 1;                   4; changes nothing
        1 + ++ref;                  4; changes nothing
        """)
    void whatIsWrongIsPointedAt(String rule, int column, String problem) {
        String text = rule == null ? "" : rule;
        assertThatThrownBy(() -> RulePolicy.of(text, Policy.V5_9.rule()))
                .isInstanceOf(RuleException.class)
                .hasMessageContaining(problem)
                .hasMessageEndingWith("\n  " + text + "\n  " + " ".repeat(column) + "^")
                .hasMessageStartingWith("character " + (column + 1) + ": ");
    }
}
