package org.cowbench.cli;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.cowbench.kernel.Guardian;

/**
 * Turns SIGINT and SIGTERM into "finish with what there is".
 *
 * <p>While it is open, a signal sets a flag, ends the forks this JVM has started, and holds the JVM's shutdown until the
 * command's thread has saved what is finished and returned. The JVM then exits with the signal's own status.
 */
final class Interruption implements AutoCloseable, BooleanSupplier {
    private static final long GRACE_SECONDS = 30;
    private static final long POLL_MILLIS = 50;
    private static final long SIGNAL_MILLIS = 200;

    private static volatile boolean happened;

    private final Thread worker = Thread.currentThread();
    private final Thread hook = new Thread(this::shutDown, "interruption");

    private Interruption() {}

    /**
     * Starts listening; the calling thread is the one that will be waited for.
     *
     * @return to be closed when there is nothing left to save
     */
    static Interruption listen() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /**
     * Tells whether a signal came while one was listening.
     *
     * @return true from then on
     */
    static boolean happened() {
        return happened;
    }

    @Override
    public boolean getAsBoolean() {
        return happened;
    }

    /**
     * Tells whether the failure of a child is that of a signal: a terminal signals the child and this JVM at once, and the
     * child may be the quicker one to end.
     *
     * @return whether a signal came, or comes within a moment
     */
    boolean explainsFailure() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SIGNAL_MILLIS));
        return happened;
    }

    private void shutDown() {
        happened = true;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS);
        try {
            while (worker.isAlive() && System.nanoTime() < deadline) {
                // Again each time: a fork may have been about to start when the signal came.
                ProcessHandle.current()
                        .children()
                        .filter(child -> !Guardian.is(child))
                        .forEach(child -> {
                            child.descendants().forEach(ProcessHandle::destroyForcibly);
                            child.destroyForcibly();
                        });
                worker.join(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (!happened) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException shuttingDown) {
                happened = true;
            }
        }
    }
}
