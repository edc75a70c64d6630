package org.cowbench.arena;

import java.lang.foreign.ValueLayout;

/** Where each part of an arena begins, in bytes from the start of the segment; see the package's note. */
final class ArenaLayout {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    static final int PROCESS_BYTES = 32;
    static final int SLOT_BYTES = 16;
    static final int REFERENCE_BYTES = 16;
    static final int LINE = 64;

    final long pages;
    final long ptes;
    final long pmds;
    final long vmas;
    final long processes;
    final long slots;
    final long references;
    final long batches;
    final int batchBytes;
    final long heads;
    final long data;
    final long device;
    final long end;

    ArenaLayout(ArenaSpec spec) {
        long cells = (long) spec.processes() * spec.pages();
        batchBytes = (1 + spec.lruBatch()) * Integer.BYTES;
        pages = align(Control.BYTES, LINE);
        ptes = pages + (long) spec.frames() * PageRecord.BYTES;
        pmds = ptes + cells * Long.BYTES;
        vmas = pmds + (spec.pmd() ? (cells >> spec.order()) * Long.BYTES : 0);
        processes = align(vmas + cells * Integer.BYTES, Long.BYTES);
        slots = processes + (long) spec.processes() * PROCESS_BYTES;
        references = slots + (long) spec.slots() * SLOT_BYTES;
        batches = references + (long) spec.references() * REFERENCE_BYTES;
        heads = batches + (long) spec.cpus() * Batches.BATCHES * batchBytes;
        long metadataEnd = heads + (spec.order() > 0 ? FreeLists.BYTES : 0);
        data = align(metadataEnd, spec.frameBytes() % 4096 == 0 ? 4096 : LINE);
        device = data + (long) spec.frames() * spec.frameBytes();
        end = device + (long) spec.slots() * spec.frameBytes();
    }

    static long align(long offset, long to) {
        return (offset + to - 1) / to * to;
    }
}
