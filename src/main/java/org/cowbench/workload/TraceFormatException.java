package org.cowbench.workload;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says that a file is not a page trace, or a damaged one. The message is one line that names the file. */
public final class TraceFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param file  the file, as the user knows it
     * @param what  what is wrong with it
     * @param cause what noticed it, or null
     */
    public TraceFormatException(String file, String what, @Nullable Throwable cause) {
        super(file + ": " + what, cause);
    }
}
