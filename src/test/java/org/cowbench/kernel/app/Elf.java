package org.cowbench.kernel.app;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes ELF files that need others and can do nothing. */
public final class Elf {
    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    /** Where the file's first byte is loaded: strings are named by their place in memory. */
    private static final long BASE = 0x400000;

    private Elf() {}

    /** A program if it has a loader, which may be null, else a library. */
    public static byte[] needing(String loader, String... libraries) {
        ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        file.putLong(32, HEADER).putShort(54, (short) SEGMENT).putShort(56, (short) 3);
        int strings = 1024;
        int at = 512;
        file.position(strings + 1);
        for (String library : libraries) {
            file.putLong(at, 1).putLong(at + 8, file.position() - strings);
            file.put(library.getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
            at += 16;
        }
        file.putLong(at, 5).putLong(at + 8, BASE + strings);
        int name = file.position();
        file.put((loader == null ? "" : loader).getBytes(StandardCharsets.US_ASCII))
                .put((byte) 0);
        segment(file, 0, 1, 0, BASE);
        segment(file, 1, 2, 512, BASE + 512);
        segment(file, 2, loader == null ? 4 : 3, name, BASE + name);
        return file.array();
    }

    private static void segment(ByteBuffer file, int number, int type, long offset, long address) {
        int at = HEADER + number * SEGMENT;
        file.putInt(at, type).putLong(at + 8, offset).putLong(at + 16, address).putLong(at + 32, 4096 - offset);
    }
}
