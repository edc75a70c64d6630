package org.cowbench.check;

import java.nio.ByteBuffer;

/** What a search counts, and the first of what is counted and not told otherwise. */
final class Totals {
    /** Bytes in a checkpoint. */
    static final int BYTES = 4 * Long.BYTES;

    long transitions;
    long needless;
    long outOfFrames;
    /** Smallest of the paths that end in a copy of a page nobody else could see; the greatest number if none does. */
    long needlessOrigin = Long.MAX_VALUE;

    static Totals read(ByteBuffer from) {
        Totals totals = new Totals();
        totals.transitions = from.getLong();
        totals.needless = from.getLong();
        totals.outOfFrames = from.getLong();
        totals.needlessOrigin = from.getLong();
        return totals;
    }

    void write(ByteBuffer to) {
        to.putLong(transitions).putLong(needless).putLong(outOfFrames).putLong(needlessOrigin);
    }

    void needless(long origin) {
        needless++;
        needlessOrigin = Math.min(needlessOrigin, origin);
    }

    void add(Totals other) {
        transitions += other.transitions;
        needless += other.needless;
        outOfFrames += other.outOfFrames;
        needlessOrigin = Math.min(needlessOrigin, other.needlessOrigin);
    }
}
