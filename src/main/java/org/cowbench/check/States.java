package org.cowbench.check;

/** The states that a search found, by number: their origins, and the set of their fingerprints, in bounded memory. */
final class States implements AutoCloseable {
    /** The set does not grow by less than this part of it, as growing moves all of it. */
    private static final int FINEST_GROWTH = 32;
    /** The set grows by this part of it where memory allows. */
    private static final int GROWTH = 4;

    final SeenSet seen = new SeenSet();
    final Origins origins = new Origins();
    private final long memory;

    /**
     * Makes room for a few.
     *
     * @param memory most bytes
     */
    States(long memory) {
        this.memory = memory;
    }

    int size() {
        return origins.size();
    }

    void add(long origin, long fingerprint) {
        origins.append(origin);
        seen.insert(fingerprint);
    }

    long bytes() {
        return bytes(seen.chunks(), size());
    }

    private static long bytes(long chunks, long states) {
        return chunks * SeenSet.CHUNK_BYTES + Origins.bytes(states);
    }

    /** Makes the set large enough for some states more; false if that takes more memory than there may be. */
    boolean makeRoom(int more) {
        long states = (long) size() + more;
        while (SeenSet.capacity(seen.chunks()) < states) {
            int growth = Math.max(1, seen.chunks() / GROWTH);
            while (growth > 0 && !fits(seen.chunks() + growth)) {
                growth--;
            }
            if (growth < Math.max(1, seen.chunks() / FINEST_GROWTH)) {
                return false;
            }
            seen.grow(growth);
        }
        return bytes(seen.chunks(), states) <= memory;
    }

    /** Whether a set of some chunks, with the origins of all states that it can hold, is within the bound. */
    private boolean fits(long chunks) {
        return bytes(chunks, SeenSet.capacity(chunks)) <= memory;
    }

    /** What the search says that it ends with where there is no room for more. */
    Ending outOfMemory(int depth) {
        return new Ending(
                Ending.Kind.MEMORY,
                "the memory bound of " + (memory >> 20) + " MiB was reached at depth " + depth
                        + ", with " + size() + " states of " + Math.ceilDiv(bytes(), size())
                        + " bytes; raise it with --memory");
    }

    @Override
    public void close() {
        seen.close();
        origins.close();
    }
}
