package org.cowbench.kernel;

import java.nio.file.Path;

/** The kernel of this machine. */
public record HostKernel() implements KernelTarget {

    @Override
    public String release() {
        return System.getProperty("os.version");
    }

    @Override
    public KernelSession open(GuestOptions options, Path probe) {
        return new HostSession(probe, options.patience(), options.swap());
    }
}
