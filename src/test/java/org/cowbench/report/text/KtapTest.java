package org.cowbench.report.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KtapTest {

    @Test
    void aTestOfSeveralIsAPlanOfItsOwnBeforeItsResult() {
        Ktap out = new Ktap(2);
        out.comment("one\ntwo");
        Ktap inner = out.subtest("outer", 2);
        inner.result(true, "first", "");
        inner.comment("why");
        inner.result(false, "second", "a note");
        out.result(false, "outer", "");
        out.skip("other", "no swap");
        assertThat(out.toString()).isEqualTo("""
            KTAP version 1
            1..2
            # one
            # two
                KTAP version 1
                # Subtest: outer
                1..2
                ok 1 first
                # why
                not ok 2 second # a note
            not ok 1 outer
            ok 2 other # SKIP no swap
            """);
    }

    /** The mark ends a name for whoever reads it; a line that is not ASCII may not be read at all. */
    @Test
    void aNameHoldsNoMarkAndNoStrangeCharacter() {
        Ktap out = new Ktap(1);
        out.result(true, "a #1 \u00e9", "caf\u00e9");
        assertThat(out.toString()).matches("(?s).*\nok 1 a \\?1 [ -~]+ # caf[ -~]+\n");
    }
}
