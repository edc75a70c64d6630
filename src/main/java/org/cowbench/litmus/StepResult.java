package org.cowbench.litmus;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a step did, from the model and from a real kernel alike.
 *
 * @param file the script
 * @param step the step's number, from 0
 * @param operation the step
 * @param before the acting process's entry before; null when the step names no page or could not be done
 * @param after the entry after, likewise
 * @param frame whether the page is in another frame, when present both before and after; null likewise
 * @param minor minor faults of the acting process
 * @param major major faults of the acting process
 * @param value the value seen by a read or a peek; empty also when several pages do not all hold it
 * @param error why the step could not be done, or null
 * @param old for a write that was done, the value the page held when the store had just been made: that of its words
 *     which the store left alone. A copy that took its content from elsewhere shows here; not part of {@link #json}
 * @param torn the first word of the page, from 0, that did not carry the page's value when it was looked at, between a
 *     write's store and the filling of the rest, or by a read or a peek; empty when the page was whole
 * @param swapIn for a write or a direct read that brought the page back from swap, which of the two it did; null for
 *     others, and from a real kernel, where only the entry can be seen; not part of {@link #json}
 * @param folio what it shows of folios, in a script of one large folio; null in others
 * @param counts what it counted, in a script that asks; null in others, and of a step that could not be done
 */
public record StepResult(
        String file,
        int step,
        Step operation,
        @Nullable EntryState before,
        @Nullable EntryState after,
        @Nullable FrameChange frame,
        int minor,
        int major,
        OptionalLong value,
        @Nullable String error,
        OptionalLong old,
        OptionalInt torn,
        @Nullable WriteKind swapIn,
        @Nullable FolioView folio,
        @Nullable StepCounts counts) {
    /** Begins the error of a step that a kernel has no way to do; the probe spells it too. */
    static final String UNAVAILABLE = "unavailable";
    /** Begins the error of an madvise that failed, an error number follows; the probe spells it too. */
    static final String MADVISE = "madvise: errno ";

    /**
     * A step that found no page torn and none to write on.
     *
     * @param file the script
     * @param step the step's number, from 0
     * @param operation the step
     * @param before the entry before
     * @param after the entry after
     * @param frame whether the page is in another frame, or null
     * @param minor minor faults
     * @param major major faults
     * @param value the value seen
     * @param error why the step could not be done, or null
     */
    public StepResult(
            String file,
            int step,
            Step operation,
            @Nullable EntryState before,
            @Nullable EntryState after,
            @Nullable FrameChange frame,
            int minor,
            int major,
            OptionalLong value,
            @Nullable String error) {
        this(
                file,
                step,
                operation,
                before,
                after,
                frame,
                minor,
                major,
                value,
                error,
                OptionalLong.empty(),
                OptionalInt.empty());
    }

    /**
     * Whether the kernel has no way to do the step, or the one whose reference it uses: it was skipped, and says nothing.
     *
     * @return whether it was
     */
    public boolean skipped() {
        return error != null && error.startsWith(UNAVAILABLE);
    }

    /**
     * Why the step was {@linkplain #skipped() skipped}.
     *
     * @return the probe's words, or that the kernel has no such operation where it gave none
     */
    public String skipReason() {
        return error != null && error.startsWith(UNAVAILABLE + ": ")
                ? reasonOf(error)
                : "this kernel has no '" + operation.op().word() + "'";
    }

    /** What stands behind the first word of what the probe says is unavailable. */
    static String reasonOf(String text) {
        return text.startsWith(UNAVAILABLE + ": ") ? text.substring(UNAVAILABLE.length() + 2) : text;
    }

    /**
     * A step as a real kernel shows it.
     *
     * @param file the script
     * @param step the step's number, from 0
     * @param operation the step
     * @param before the entry before
     * @param after the entry after
     * @param frame whether the page is in another frame, or null
     * @param minor minor faults
     * @param major major faults
     * @param value the value seen
     * @param error why the step could not be done, or null
     * @param old what a write was made on
     * @param torn the first word that was not the page's
     */
    public StepResult(
            String file,
            int step,
            Step operation,
            @Nullable EntryState before,
            @Nullable EntryState after,
            @Nullable FrameChange frame,
            int minor,
            int major,
            OptionalLong value,
            @Nullable String error,
            OptionalLong old,
            OptionalInt torn) {
        this(file, step, operation, before, after, frame, minor, major, value, error, old, torn, null, null, null);
    }

    /**
     * The same step of a script of one large folio.
     *
     * @param view what it shows of folios
     * @return the result
     */
    public StepResult showing(FolioView view) {
        return new StepResult(
                file, step, operation, before, after, frame, minor, major, value, error, old, torn, swapIn, view,
                counts);
    }

    /**
     * The same step of a script that counts.
     *
     * @param counted what it counted
     * @return the result
     */
    public StepResult counting(StepCounts counted) {
        return new StepResult(
                file, step, operation, before, after, frame, minor, major, value, error, old, torn, swapIn, folio,
                counted);
    }

    /**
     * Whether the step saw another value than the script says it must.
     *
     * @return whether it did; a step that could not be done saw none, and one that was skipped need not
     */
    public boolean violated() {
        OptionalLong expected = operation.expected();
        return expected.isPresent() && !skipped() && !expected.equals(value);
    }

    /**
     * Whether the step ended in a way that no kernel may let it end: a torn page, a process killed, a call that failed.
     *
     * @return whether the page was torn, or it has an error that no rule of the language explains
     */
    public boolean broken() {
        return torn.isPresent() || error != null && !skipped() && !Refusal.is(error) && !declined();
    }

    /** Whether the kernel was asked for one folio and found a reason not to make it, which it may. */
    private boolean declined() {
        return operation.op() == Op.COLLAPSE && error != null && error.startsWith(MADVISE);
    }

    /**
     * What happened to the page.
     *
     * @return of a write or a direct read that was done; empty of all others
     */
    public Optional<WriteKind> writeKind() {
        if (!operation.op().fillsPage() || error != null || frame == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (frame) {
                    case CHANGED -> WriteKind.COPY;
                    case SAME -> minor + major > 0 ? WriteKind.REUSE : WriteKind.QUIET;
                    case UNKNOWN ->
                        before == EntryState.MIXED
                                ? WriteKind.MIXED
                                : before != EntryState.SWAPPED
                                        ? WriteKind.NEW
                                        : swapIn == null ? WriteKind.SWAP_IN : swapIn;
                    case MIXED -> WriteKind.MIXED;
                });
    }

    /**
     * The line of JSON that the script language fixes.
     *
     * @param extra further members, such as {@code "policy":"v5.9",}, or the empty string; they come first
     * @return one object, without the end of the line
     */
    public String json(String extra) {
        StringBuilder json = new StringBuilder("{")
                .append(extra)
                .append("\"file\":")
                .append(quote(file))
                .append(",\"step\":")
                .append(step)
                .append(",\"op\":")
                .append(quote(operation.text()));
        if (before != null) {
            json.append(",\"before\":\"")
                    .append(before)
                    .append("\",\"after\":\"")
                    .append(after)
                    .append("\",\"frame\":\"")
                    .append(frame)
                    .append("\",\"minor\":")
                    .append(minor)
                    .append(",\"major\":")
                    .append(major);
        }
        if (folio != null) {
            json.append(folio.json());
        }
        if (counts != null) {
            json.append(counts.json());
        }
        value.ifPresent(seen -> json.append(",\"value\":").append(Long.toUnsignedString(seen)));
        if (violated()) {
            json.append(",\"expected\":")
                    .append(Long.toUnsignedString(operation.expected().getAsLong()));
        }
        torn.ifPresent(word -> json.append(",\"torn\":").append(word));
        if (error != null) {
            json.append(",\"error\":").append(quote(error));
        }
        return json.append('}').toString();
    }

    static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
