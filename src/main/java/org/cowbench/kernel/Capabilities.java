package org.cowbench.kernel;

import java.util.Set;
import org.cowbench.litmus.Op;

/**
 * What a kernel can do of what not every kernel can: the probe says it of each operation whose row has a {@code can}.
 *
 * @param missing the operations that it cannot do
 */
public record Capabilities(Set<Op> missing) {

    /**
     * A kernel that can do all others.
     *
     * @param missing the operations that it cannot do
     * @return what it can
     */
    static Capabilities without(Op... missing) {
        return new Capabilities(Set.of(missing));
    }

    /**
     * Whether the kernel can do an operation.
     *
     * @param op the operation
     * @return whether it can
     */
    boolean can(Op op) {
        return !missing.contains(op);
    }
}
