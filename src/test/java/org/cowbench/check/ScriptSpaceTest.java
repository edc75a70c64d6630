package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.junit.jupiter.api.Test;

class ScriptSpaceTest {
    private static final Set<Move> MEMORY = EnumSet.of(
            Move.WRITE, Move.READ, Move.PAGEOUT, Move.DRAIN, Move.FORK, Move.EXIT, Move.DISCARD, Move.RECLAIM);

    private static List<String> scripts(ScriptSpace space, int length) {
        List<int[]> level = List.of(new int[0]);
        for (int i = 0; i < length; i++) {
            List<int[]> next = new ArrayList<>();
            level.forEach(moves -> next.addAll(space.extend(moves)));
            level = next;
        }
        return level.stream()
                .map(moves -> space.script(moves, "x.litmus"))
                .map(Script::text)
                .toList();
    }

    private static ScriptSpace space(int processes, int references, Set<Move> moves) {
        return new ScriptSpace(new Scope(processes, 1, references, 0, Scope.UNBOUNDED, moves, true));
    }

    @Test
    void hasTheFamousScript() {
        assertThat(scripts(space(2, 0, MEMORY), 6))
                .doesNotHaveDuplicates()
                .contains("pages 1\nA write 0 1\nA pageout 0\n"
                        + "A drain\nA fork B\nA read 0\nA write 0 2\nA read 0\nB read 0\n");
    }

    @Test
    void everyScriptIsOneAndLooksAtAllThatIsLeft() {
        Set<Move> all = EnumSet.copyOf(MEMORY);
        all.addAll(EnumSet.of(Move.SPLICE, Move.PEEK, Move.PIN, Move.DMA, Move.UNPIN, Move.PROTECT, Move.PINRO));
        List<String> scripts = scripts(space(2, 1, all), 4);
        assertThat(scripts).hasSizeGreaterThan(500).doesNotHaveDuplicates().allSatisfy(text -> assertThat(
                        ScriptParser.parse("x.litmus", text).text())
                .isEqualTo(text));
        assertThat(scripts)
                .contains(
                        "pages 1\nA write 0 1\nA fork B\nA splice 0 X0\nB write 0 2\nA peek X0\nA read 0\nB read 0\n");
    }

    @Test
    void leavesOutWhatFindsNothingToDo() {
        List<String> moves = scripts(space(2, 0, MEMORY), 3);
        assertThat(moves.stream().map(text -> text.lines().skip(1).limit(3).collect(Collectors.joining("; "))))
                .doesNotContain(
                        "A write 0 1; A read 0; A drain",
                        "A write 0 1; A write 0 2; A drain",
                        "A write 0 1; A drain; A drain",
                        "A fork B; A write 0 1; B write 0 2")
                .contains(
                        "A write 0 1; A pageout 0; A read 0",
                        "A write 0 1; A fork B; B discard 0",
                        "A write 0 1; A fork B; A exit");
    }
}
