package org.cowbench.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Standard output that cannot fail unnoticed: a {@link PrintStream} keeps its errors to itself, so a full disk would end
 * in status 0 and half a table. What cannot be written throws out of the {@code print} that wrote it, which ends a long
 * command at once. A reader that has gone, such as {@code head}, is no error: the rest is dropped, and the command ends
 * with the status that it would have had.
 */
final class StandardOutput extends OutputStream {
    private static final Path PLACE = Path.of("/proc/self/fd/1");

    private final OutputStream target;
    private final boolean pipe;
    private @Nullable IOException failure;
    private boolean unread;

    StandardOutput(OutputStream target, boolean pipe) {
        this.target = target;
        this.pipe = pipe;
    }

    /** Something could not be written; its cause says why. */
    static final class OutputException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutputException(IOException cause) {
            super("cannot write standard output: " + cause.getMessage() + "; make room, or send it elsewhere", cause);
        }

        /**
         * Finds one that other threads or layers have wrapped.
         *
         * @param thrown what was thrown
         * @return whether it, or what caused it, is an output that could not be written
         */
        static boolean isCauseOf(Throwable thrown) {
            for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
                if (cause instanceof OutputException) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * Puts one in place of {@link System#out}.
     *
     * @return it
     */
    static StandardOutput install() {
        StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out), isPipe());
        System.setOut(new PrintStream(new BufferedOutputStream(output), false, System.out.charset()));
        return output;
    }

    private static boolean isPipe() {
        try {
            String target = Files.readSymbolicLink(PLACE).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * Writes what is still held back.
     *
     * @return why output is not whole; null when it is
     */
    @Nullable
    String finish() {
        try {
            System.out.flush();
        } catch (OutputException e) {
            return e.getMessage();
        }
        return failure == null ? null : new OutputException(failure).getMessage();
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        if (unread) {
            return;
        }
        if (failure != null) {
            throw new OutputException(failure);
        }
        try {
            target.write(bytes, from, length);
        } catch (IOException e) {
            if (pipe && !again(e)) {
                unread = true;
                return;
            }
            failure = e;
            throw new OutputException(e);
        }
    }

    /**
     * Whether a pipe that nobody waits on is merely full. All else that a pipe can say is that its reader has gone; not
     * looked for by its words, which are of the user's language.
     */
    private static boolean again(IOException e) {
        return "Resource temporarily unavailable".equals(e.getMessage());
    }
}
