package org.cowbench.kernel;

import static org.junit.jupiter.api.Assumptions.abort;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What tests of the group {@code host} need of this machine; the reason is printed where it is not there. */
final class Host {
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);

    private Host() {}

    static void demandRoot() {
        if (HostRequirements.missing().stream()
                .anyMatch(missing -> missing.what().startsWith("frame numbers"))) {
            skip("frame numbers are hidden: run it as root");
        }
    }

    private static <T> T skip(String reason) {
        System.err.println("a test of this machine's kernel was skipped: " + reason);
        return abort(reason);
    }

    /** A swap file of the test's own. */
    static TemporarySwap swap(String size) {
        demandRoot();
        try {
            return TemporarySwap.make(size);
        } catch (KernelException e) {
            return skip(e.getMessage());
        }
    }

    /** Waits while another run asks this machine's kernel: a machine may test two trees at once. */
    static <T> T whenFree(Supplier<T> action) {
        long deadline = System.nanoTime() + PATIENCE;
        while (true) {
            try {
                return action.get();
            } catch (KernelException e) {
                if (!e.getMessage().contains("another run of cowbench") || System.nanoTime() > deadline) {
                    throw e;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }
    }
}
