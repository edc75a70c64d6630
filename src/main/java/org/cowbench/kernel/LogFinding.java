package org.cowbench.kernel;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.cowbench.litmus.Script;

/**
 * What a kernel's log says against it, with its place: a bug that the kernel found in itself, which no value and no
 * page-table entry has to show. A page that it did not free, which the probe finds, is one too.
 *
 * @param when when the probe found it
 * @param step the step that had just been done, from 0; -1 when there was none
 * @param line the line that says it, such as {@code BUG: Bad page state in process probe  pfn:05b1c}
 * @param trace what the kernel logged with it: a dump of the page, registers, a call trace
 */
public record LogFinding(When when, int step, String line, List<String> trace) {
    /**
     * First lines of what kernels say when they find something wrong, from lib/bug.c, kernel/panic.c, mm/, lib/ubsan.c,
     * kernel/locking/lockdep.c and arch/x86; KASAN, KFENCE and KCSAN begin with {@code BUG:} too.
     */
    private static final Pattern SIGN = Pattern.compile(
            "^BUG[ :]|: BUG: |kernel BUG at |^WARNING: |^UBSAN: |^Oops[: ]|general protection fault|^[a-z][^\\]]+:"
                + " [0-9a-f]{4} \\[#\\d+\\]|Kernel panic - not syncing|^INFO: (possible|inconsistent|trying to"
                + " register|task .* blocked)|self-detected stall|detected stalls|list_(add|del) corruption|kmemleak:"
                + " \\d+ new|Bad swap (file|offset) entry|Unused swap (file |offset )?entry");
    /** A line of the log that is said of every report before it. */
    private static final String CUT_HERE = "[ cut here ]";
    /** What makes two reports of one kind differ: addresses, process numbers, counts. */
    private static final Pattern PARTICULAR = Pattern.compile("0x[0-9a-f]+|\\b[0-9a-f]{5,}\\b|-?\\d+");
    /** While a kernel boots, warnings of its other parts are nothing to its memory management. */
    private static final Pattern OF_MEMORY = Pattern.compile("^BUG|BUG: |kernel BUG at | at mm/|: mm/|swap");

    private static final String UNFREED = "a page was not freed";

    /** When the probe found it. */
    public enum When {
        /** Before there was a script. */
        BOOT,
        /** Before the script's first step: left by what was before it. */
        BEFORE,
        /** After a step, and before the next. */
        STEP,
        /** After the last step, when the script's processes had ended; or in a measurement. */
        END
    }

    /** Copies the list. */
    public LogFinding {
        trace = List.copyOf(trace);
    }

    /**
     * A page that was left when all processes and references of a script had gone.
     *
     * @param last the last step that saw it in an entry
     * @return the finding
     */
    static LogFinding unfreed(int last) {
        return new LogFinding(
                When.END, last, UNFREED + " when all had gone; the last to see it was step " + last, List.of());
    }

    /**
     * Whether it is such a page, and not the kernel's own word.
     *
     * @return whether it is
     */
    boolean unfreed() {
        return line.startsWith(UNFREED);
    }

    /**
     * Tells whether a line of a kernel's log says that something is wrong.
     *
     * @param line the line, without its time
     * @return whether it is the first of a report
     */
    static boolean sign(String line) {
        return SIGN.matcher(line).find();
    }

    /**
     * Tells whether a line begins what belongs to no report before it.
     *
     * @param line the line
     * @return whether it separates reports
     */
    static boolean separates(String line) {
        return line.contains(CUT_HERE);
    }

    /**
     * Whether it counts against the kernel's memory management. All that a kernel says while scripts run does; of what it
     * says while it boots, which no script has caused, only what is about memory.
     *
     * @return whether it is a finding
     */
    public boolean counts() {
        return when != When.BOOT || OF_MEMORY.matcher(line).find();
    }

    /**
     * What it has in common with others of its kind.
     *
     * @return its line without addresses and numbers
     */
    public String signature() {
        return signature(line);
    }

    /**
     * What lines of one kind have in common.
     *
     * @param line a line of a log
     * @return the same without addresses and numbers
     */
    static String signature(String line) {
        return PARTICULAR.matcher(line).replaceAll("#");
    }

    /**
     * Where it was found.
     *
     * @param script the script that was running
     * @return such as {@code step 3, A write 0 2}
     */
    public String place(Script script) {
        return switch (when) {
            case BOOT -> "while booting";
            case BEFORE -> "before its first step, left by what ran before";
            case STEP -> "step " + step + ", " + script.steps().get(step).text();
            case END -> "after its last step, when its processes had ended";
        };
    }

    /**
     * Finds the time that the probe names.
     *
     * @param word {@code boot}, {@code before}, {@code step} or {@code end}
     * @return the time; empty for another word
     */
    static Optional<When> when(String word) {
        return List.of(When.values()).stream()
                .filter(when -> when.name().equalsIgnoreCase(word))
                .findFirst();
    }
}
