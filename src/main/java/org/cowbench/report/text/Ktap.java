package org.cowbench.report.text;

/**
 * Writes KTAP version 1, which kernel test tooling reads: a plan, then a result line a test, its diagnostics before it; a
 * test of several is a plan of its own, indented, and a result line after it.
 *
 * <p>As {@code Documentation/dev-tools/ktap.rst} has it: a name ends at the first {@code #}, so none holds one; a skipped
 * test is {@code ok} with the directive {@code SKIP} and its reason.
 */
public final class Ktap {
    private static final String INDENT = "    ";

    private final StringBuilder out;
    private final String indent;
    private int number;

    private Ktap(StringBuilder out, String indent) {
        this.out = out;
        this.indent = indent;
    }

    /**
     * Begins a document.
     *
     * @param tests how many results it will have
     */
    public Ktap(int tests) {
        this(new StringBuilder(), "");
        line("KTAP version 1");
        line("1.." + tests);
    }

    /**
     * Begins a test of several; its own result follows when all of them have theirs.
     *
     * @param name of the test
     * @param tests how many results it will have
     * @return where to write them
     */
    public Ktap subtest(String name, int tests) {
        Ktap inner = new Ktap(out, indent + INDENT);
        inner.line("KTAP version 1");
        inner.line("# Subtest: " + name(name));
        inner.line("1.." + tests);
        return inner;
    }

    /**
     * Says something about the next result.
     *
     * @param text a line; a longer text has a comment a line
     */
    public void comment(String text) {
        text.lines().forEach(each -> line("# " + TextTable.ascii(each)));
    }

    /**
     * Writes a result.
     *
     * @param ok whether the test passed
     * @param name of the test
     * @param note a few words behind it, or the empty string
     */
    public void result(boolean ok, String name, String note) {
        line((ok ? "ok " : "not ok ") + ++number + " " + name(name)
                + (note.isEmpty() ? "" : " # " + TextTable.ascii(note)));
    }

    /**
     * Writes the result of a test that could not be done.
     *
     * @param name of the test
     * @param reason why not
     */
    public void skip(String name, String reason) {
        result(true, name, "SKIP " + reason);
    }

    private void line(String text) {
        out.append(indent).append(text).append('\n');
    }

    private static String name(String text) {
        return TextTable.ascii(text).replace('#', '?');
    }

    /** What was written, each line ended. */
    @Override
    public String toString() {
        return out.toString();
    }
}
