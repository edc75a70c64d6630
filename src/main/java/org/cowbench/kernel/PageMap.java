package org.cowbench.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** This process's page table and the flags of its frames, from {@code /proc}. Needs root to see frame numbers. */
final class PageMap implements AutoCloseable {
    private static final long PRESENT = 1L << 63;
    private static final long FRAME = (1L << 55) - 1;
    private static final long WRITEBACK = 1L << 8;
    private static final int ENTRY = 8;
    private static final int PAGE = 4096;

    private final FileChannel pagemap;
    private final FileChannel flags;

    PageMap() throws IOException {
        pagemap = FileChannel.open(Path.of("/proc/self/pagemap"));
        flags = FileChannel.open(Path.of("/proc/kpageflags"));
    }

    /**
     * Reads the entries of a range.
     *
     * @param address of the first page
     * @param pages number of pages
     * @return an entry a page
     * @throws IOException if they cannot be read
     */
    long[] entries(long address, int pages) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(pages * ENTRY).order(ByteOrder.LITTLE_ENDIAN);
        read(pagemap, buffer, address / PAGE * ENTRY);
        long[] entries = new long[pages];
        buffer.flip().asLongBuffer().get(entries);
        return entries;
    }

    private static void read(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, at);
            if (n <= 0) {
                throw new IOException("short read at " + at);
            }
            at += n;
        }
    }

    static boolean present(long entry) {
        return (entry & PRESENT) != 0;
    }

    static long frame(long entry) {
        return entry & FRAME;
    }

    /**
     * Whether a frame is being written to its device.
     *
     * @param frame its number
     * @return whether it is
     * @throws IOException if that cannot be read
     */
    boolean underWriteback(long frame) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(ENTRY).order(ByteOrder.LITTLE_ENDIAN);
        read(flags, buffer, frame * ENTRY);
        return (buffer.flip().getLong() & WRITEBACK) != 0;
    }

    @Override
    public void close() throws IOException {
        pagemap.close();
        flags.close();
    }
}
