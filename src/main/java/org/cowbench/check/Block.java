package org.cowbench.check;

import java.nio.ByteBuffer;

/**
 * A block of a {@link Checkpoint}: what one slice of a level added, and where the search stood after it.
 *
 * @param states of each new state its origin, then its fingerprint
 * @param depth the level
 * @param at the first of its states that is still to be continued
 * @param to the state after the last of them
 * @param totals what was counted
 * @param nanos how long it took
 * @param found what was found
 */
record Block(long[] states, int depth, int at, int to, Totals totals, long nanos, Findings found) {

    static Block read(ByteBuffer from) {
        long[] states = new long[2 * from.getInt()];
        from.slice().asLongBuffer().get(states);
        from.position(from.position() + states.length * Long.BYTES);
        return new Block(
                states,
                from.getInt(),
                from.getInt(),
                from.getInt(),
                Totals.read(from),
                from.getLong(),
                Findings.read(from));
    }

    byte[] bytes() {
        ByteBuffer block = ByteBuffer.allocate(
                4 * Integer.BYTES + states.length * Long.BYTES + Totals.BYTES + Long.BYTES + found.bytes());
        block.putInt(states.length / 2);
        for (long each : states) {
            block.putLong(each);
        }
        block.putInt(depth).putInt(at).putInt(to);
        totals.write(block);
        block.putLong(nanos);
        found.write(block);
        return block.array();
    }
}
