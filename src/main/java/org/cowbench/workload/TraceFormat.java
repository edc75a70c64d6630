package org.cowbench.workload;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * Writes and reads recorded traces. A trace file is a gzip member, so that {@code gzip -t} checks it and its CRC guards
 * it, around
 * <pre>
 *   "cowtrace"  8 ASCII bytes
 *   version     1
 *   pages       footprint
 *   accesses    number of codes that follow
 *   code...     (page &lt;&lt; 1 | write), one an access
 * </pre>
 * where everything after the magic is an unsigned LEB128 number of at most 31 bits. Traces hold no forks: those are
 * added to a stream after reading, by {@link AccessStream#withSnapshots}.
 */
public final class TraceFormat {
    private static final byte[] MAGIC = "cowtrace".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int BUFFER = 1 << 16;

    private TraceFormat() {}

    /**
     * Writes a trace.
     *
     * @param stream what to write
     * @param out    where to; stays open
     * @throws IOException              if writing fails
     * @throws IllegalArgumentException if the stream forks
     */
    public static void write(AccessStream stream, OutputStream out) throws IOException {
        if (stream.hasChildren()) {
            throw new IllegalArgumentException("a trace holds no forks: " + stream);
        }
        GZIPOutputStream gzip = new GZIPOutputStream(out, BUFFER) {
            {
                def.setLevel(Deflater.BEST_COMPRESSION);
            }
        };
        gzip.write(MAGIC);
        writeNumber(gzip, VERSION);
        writeNumber(gzip, stream.pages());
        writeNumber(gzip, stream.length());
        for (int i = 0; i < stream.length(); i++) {
            writeNumber(gzip, stream.code(i));
        }
        gzip.finish();
    }

    /**
     * Reads a trace to the end of the input.
     *
     * @param name name of the stream to make
     * @param file how messages name the file
     * @param in   where from; stays open
     * @return the trace as a stream
     * @throws TraceFormatException if the input is no trace, of an unknown version, truncated or altered
     * @throws IOException          if reading fails
     */
    public static AccessStream read(String name, String file, InputStream in) throws IOException {
        try {
            // Not closed: that would close the caller's stream, and nothing else is held.
            ByteBuffer plain = ByteBuffer.wrap(new GZIPInputStream(in, BUFFER).readAllBytes());
            byte[] magic = new byte[Math.min(MAGIC.length, plain.remaining())];
            plain.get(magic);
            if (!Arrays.equals(MAGIC, magic)) {
                throw new TraceFormatException(file, "not a page trace: it does not begin with \"cowtrace\"", null);
            }
            int version = readNumber(plain);
            if (version != VERSION) {
                throw new TraceFormatException(
                        file, "trace version " + version + ", only " + VERSION + " is known: record it again", null);
            }
            int pages = readNumber(plain);
            int length = readNumber(plain);
            if (length > plain.remaining()) {
                // Before allocating: a damaged length must not ask for the memory it claims.
                throw new BufferUnderflowException();
            }
            int[] codes = new int[length];
            for (int i = 0; i < length; i++) {
                codes[i] = readNumber(plain);
            }
            if (plain.hasRemaining()) {
                throw new TraceFormatException(file, "damaged: more data than its " + length + " accesses", null);
            }
            return new AccessStream(name, pages, codes);
        } catch (EOFException | BufferUnderflowException e) {
            throw new TraceFormatException(file, "truncated: fetch or record it again", e);
        } catch (ZipException e) {
            throw new TraceFormatException(file, "not a page trace, or damaged: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new TraceFormatException(file, "damaged: " + e.getMessage(), e);
        }
    }

    private static void writeNumber(OutputStream out, int value) throws IOException {
        int rest = value;
        while (rest > 0x7f) {
            out.write(rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static int readNumber(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                if (value > Integer.MAX_VALUE) {
                    break;
                }
                return (int) value;
            }
        }
        throw new IllegalArgumentException("a number has more than 31 bits");
    }
}
