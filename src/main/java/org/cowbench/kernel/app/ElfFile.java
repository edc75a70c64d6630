package org.cowbench.kernel.app;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a program or library for x86-64 needs of others.
 *
 * @param interpreter path of the loader; empty for a library or a static program
 * @param needed names of libraries, in the order in which they are searched
 */
record ElfFile(Optional<String> interpreter, List<String> needed) {
    private static final int MAGIC = 0x464c457f;
    private static final int HEADERS_AT = 32;
    private static final int HEADER_SIZE_AT = 54;
    private static final int HEADERS_COUNT_AT = 56;
    private static final int LOAD = 1;
    private static final int DYNAMIC = 2;
    private static final int INTERPRETER = 3;
    private static final int TAG_END = 0;
    private static final int TAG_NEEDED = 1;
    private static final int TAG_STRINGS = 5;

    /** A part of the file, and where it lies in memory. */
    private record Segment(int type, long offset, long address, long size) {}

    /**
     * Reads a file.
     *
     * @param bytes the whole file
     * @return what it needs; empty when it is no ELF file of 64 bits
     */
    static Optional<ElfFile> of(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < HEADERS_COUNT_AT + 2 || file.getInt(0) != MAGIC || bytes[4] != 2) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(file));
        } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static ElfFile read(ByteBuffer file) {
        List<Segment> segments = new ArrayList<>();
        int size = file.getShort(HEADER_SIZE_AT);
        for (int i = 0; i < file.getShort(HEADERS_COUNT_AT); i++) {
            int at = (int) file.getLong(HEADERS_AT) + i * size;
            segments.add(
                    new Segment(file.getInt(at), file.getLong(at + 8), file.getLong(at + 16), file.getLong(at + 32)));
        }
        Optional<String> interpreter = Optional.empty();
        List<Long> names = new ArrayList<>();
        long strings = 0;
        for (Segment segment : segments) {
            if (segment.type == INTERPRETER) {
                interpreter = Optional.of(text(file, segment.offset));
            } else if (segment.type == DYNAMIC) {
                for (long at = segment.offset; file.getLong((int) at) != TAG_END; at += 16) {
                    long tag = file.getLong((int) at);
                    long value = file.getLong((int) at + 8);
                    if (tag == TAG_NEEDED) {
                        names.add(value);
                    } else if (tag == TAG_STRINGS) {
                        strings = value;
                    }
                }
            }
        }
        long address = strings;
        long base = segments.stream()
                .filter(segment ->
                        segment.type == LOAD && address >= segment.address && address < segment.address + segment.size)
                .findFirst()
                .map(segment -> address - segment.address + segment.offset)
                .orElse(address);
        return new ElfFile(
                interpreter, names.stream().map(name -> text(file, base + name)).toList());
    }

    private static String text(ByteBuffer file, long from) {
        int end = (int) from;
        while (file.get(end) != 0) {
            end++;
        }
        return StandardCharsets.UTF_8
                .decode(file.slice((int) from, end - (int) from))
                .toString();
    }
}
