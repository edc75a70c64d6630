package org.cowbench.check;

import java.nio.ByteBuffer;

/** What a search counts, and the first of what is counted and not told otherwise. */
final class Totals {
    /** Bytes in a checkpoint. */
    static final int BYTES = 7 * Long.BYTES;

    long transitions;
    long needless;
    long outOfFrames;
    /** Smallest of the paths that end in a copy of a page nobody else could see; the greatest number if none does. */
    long needlessOrigin = Long.MAX_VALUE;
    /** Copies that left a page of a folio to nobody. */
    long held;
    /** Most pages held for nothing in a state. */
    long mostHeld;
    /** Smallest of the paths that end in such a copy; the greatest number if none does. */
    long heldOrigin = Long.MAX_VALUE;

    static Totals read(ByteBuffer from) {
        Totals totals = new Totals();
        totals.transitions = from.getLong();
        totals.needless = from.getLong();
        totals.outOfFrames = from.getLong();
        totals.needlessOrigin = from.getLong();
        totals.held = from.getLong();
        totals.mostHeld = from.getLong();
        totals.heldOrigin = from.getLong();
        return totals;
    }

    void write(ByteBuffer to) {
        to.putLong(transitions)
                .putLong(needless)
                .putLong(outOfFrames)
                .putLong(needlessOrigin)
                .putLong(held)
                .putLong(mostHeld)
                .putLong(heldOrigin);
    }

    void needless(long origin) {
        needless++;
        needlessOrigin = Math.min(needlessOrigin, origin);
    }

    void held(long origin) {
        held++;
        heldOrigin = Math.min(heldOrigin, origin);
    }

    void add(Totals other) {
        transitions += other.transitions;
        needless += other.needless;
        outOfFrames += other.outOfFrames;
        needlessOrigin = Math.min(needlessOrigin, other.needlessOrigin);
        held += other.held;
        mostHeld = Math.max(mostHeld, other.mostHeld);
        heldOrigin = Math.min(heldOrigin, other.heldOrigin);
    }
}
