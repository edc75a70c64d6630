package org.cowbench.check;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * The file from which a search that ended early goes on: lines that say which search it is, an empty line, then blocks,
 * each with what one slice added and where the search stood after it. A block is its length, its bytes and their CRC-32.
 *
 * <p>Blocks are only ever appended, so that a file whose last block is torn, by a full disk or a loss of power, is that
 * of the search one block before. They reach the disk at the latest after half a minute.
 */
public final class Checkpoint implements Closeable {
    private static final String FORMAT = "cowbench checkpoint 1";
    private static final int MOST_HEADER = 1 << 16;
    private static final int MOST_BLOCK = 1 << 26;
    private static final long SYNC_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Path file;
    private final FileChannel channel;
    private long start;
    private long synced = System.nanoTime();

    private Checkpoint(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens a search's file, or begins one.
     *
     * @param file the file; it is made if it does not exist
     * @param search what tells the search from others, a line each: commit, policy, scope
     * @return the file, which no other run can open until it is closed
     * @throws CheckpointException if the file is something else, another search's, or open elsewhere
     * @throws IOException if it cannot be read or written
     */
    public static Checkpoint open(Path file, List<String> search) throws IOException {
        Checkpoint checkpoint = new Checkpoint(
                file,
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        try {
            checkpoint.begin(search);
        } catch (IOException | RuntimeException e) {
            checkpoint.channel.close();
            throw e;
        }
        return checkpoint;
    }

    private void begin(List<String> search) throws IOException {
        if (!locked()) {
            throw new CheckpointException(file + " is in use by another search: wait for it, or name another file");
        }
        if (channel.size() == 0) {
            String header = FORMAT + "\n" + String.join("\n", search) + "\n\n";
            write(ByteBuffer.wrap(header.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        } else {
            compare(search);
        }
        start = channel.position();
    }

    private boolean locked() throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // By this very JVM.
            return false;
        }
    }

    private void compare(List<String> search) throws IOException {
        ByteBuffer head = ByteBuffer.allocate((int) Math.min(MOST_HEADER, channel.size()));
        while (head.hasRemaining() && channel.read(head) >= 0) {
            // Reads on.
        }
        String text = new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n");
        if (!text.startsWith(FORMAT + "\n") || end < 0) {
            throw new CheckpointException(file + " is no checkpoint of this version of cowbench: name another file");
        }
        List<String> lines = new String(
                        head.array(), FORMAT.length() + 1, end - FORMAT.length() - 1, StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (!lines.equals(search)) {
            int line = 0;
            while (line < Math.min(lines.size(), search.size())
                    && lines.get(line).equals(search.get(line))) {
                line++;
            }
            throw new CheckpointException(file + " is the checkpoint of another search: '" + at(lines, line)
                    + "' there, '" + at(search, line) + "' here; name another file");
        }
        channel.position(end + 2);
    }

    private static String at(List<String> lines, int line) {
        return line < lines.size() ? lines.get(line) : "";
    }

    /**
     * Whether the file holds nothing to go on from.
     *
     * @return whether the search begins at its beginning
     * @throws IOException if it cannot be read
     */
    public boolean fresh() throws IOException {
        return channel.size() == start;
    }

    /** Reads all whole blocks, in the order in which they were appended; what is left of a torn one is cut off. */
    void read(Consumer<ByteBuffer> block) throws IOException {
        long at = start;
        channel.position(at);
        // Not closed: that would close the channel.
        DataInputStream in = new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), 1 << 20));
        try {
            while (true) {
                int length = in.readInt();
                if (length <= 0 || length > MOST_BLOCK) {
                    break;
                }
                byte[] bytes = new byte[length];
                in.readFully(bytes);
                if (in.readInt() != crc(bytes)) {
                    break;
                }
                block.accept(ByteBuffer.wrap(bytes));
                at += length + 2L * Integer.BYTES;
            }
        } catch (EOFException e) {
            // The last block is whole, or torn.
        }
        channel.truncate(at).position(at);
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** Appends a block. */
    void append(byte[] block) throws IOException {
        ByteBuffer framed = ByteBuffer.allocate(block.length + 2 * Integer.BYTES);
        write(framed.putInt(block.length).put(block).putInt(crc(block)).flip());
        if (System.nanoTime() - synced > SYNC_NANOS) {
            channel.force(false);
            synced = System.nanoTime();
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            channel.force(false);
        }
    }
}
