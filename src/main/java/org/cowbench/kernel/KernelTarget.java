package org.cowbench.kernel;

import java.nio.file.Path;

/** A kernel that can be asked. */
public sealed interface KernelTarget permits KernelImage, HostKernel, RecordedKernel {

    /**
     * The kernel's release.
     *
     * @return as {@code uname -r} says it
     */
    String release();

    /**
     * Prepares a session with it.
     *
     * @param options how a guest is run; its patience counts for the host too
     * @param probe the compiled probe
     * @return the session
     */
    KernelSession open(GuestOptions options, Path probe);
}
