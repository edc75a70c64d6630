/**
 * A program whose garbage-collected heap is most of its memory, for record-program.sh: a table of small values, of which
 * random ones are read and replaced for ever, so that the collector has to walk all of it again and again. Prints
 * {@code steady} when the table is full and {@code done} after that many replacements.
 */
final class GarbageHeap {
    private static final int READS = 4;

    private static long random = 1;

    private GarbageHeap() {}

    /** A value with a reference to another, as a cache's entries have. */
    private static final class Entry {
        private final long[] value;
        private final Entry neighbour;

        Entry(int size, Entry neighbour) {
            value = new long[size];
            value[0] = size;
            this.neighbour = neighbour;
        }
    }

    public static void main(String[] args) {
        int entries = Integer.parseInt(args[0]);
        int replacements = Integer.parseInt(args[1]);
        Entry[] table = new Entry[entries];
        for (int i = 0; i < entries; i++) {
            table[i] = entry(null);
        }
        System.gc();
        System.out.println("steady");
        System.out.flush();
        long sum = 0;
        for (int i = 0; i < replacements; i++) {
            for (int read = 0; read < READS; read++) {
                Entry entry = table[below(entries)];
                sum += entry.value[0] + (entry.neighbour == null ? 0 : entry.neighbour.value[0]);
            }
            // No chain: the neighbour of the neighbour is let go.
            Entry other = table[below(entries)];
            table[below(entries)] = entry(other.neighbour == null ? other : null);
        }
        System.out.println("done " + sum);
        System.out.flush();
    }

    private static Entry entry(Entry neighbour) {
        return new Entry(16 + below(240), neighbour);
    }

    /** Marsaglia's xorshift, which is a few bytecodes: the interpreter runs them. */
    private static int below(int bound) {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return (int) ((random >>> 33) % bound);
    }
}
