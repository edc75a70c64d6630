package org.cowbench.kernel;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;

/**
 * The root file system of a guest, as a cpio archive: the probe as {@code /init}, {@code /modules/0.ko} and so on in
 * the order to load them, {@code /requests}, and the files of a program of others where there is one. Bit for bit the same
 * for the same content.
 */
final class Initramfs {
    private static final int CONSOLE_MAJOR = 5;
    private static final int CONSOLE_MINOR = 1;

    private final CpioArchiveOutputStream out;
    private final Set<String> folders = new HashSet<>();
    private long inode = 1;

    private Initramfs(CpioArchiveOutputStream out) {
        this.out = out;
    }

    /**
     * Writes an archive.
     *
     * @param file where to
     * @param probe the program
     * @param modules uncompressed modules in the order to load them
     * @param requests what the probe is asked first
     * @param files what else a program needs, by path without a leading slash; all may be executed
     * @throws IOException if it cannot be written
     */
    static void write(Path file, byte[] probe, Collection<byte[]> modules, String requests, Map<String, byte[]> files)
            throws IOException {
        try (CpioArchiveOutputStream out = new CpioArchiveOutputStream(
                new BufferedOutputStream(Files.newOutputStream(file)), CpioConstants.FORMAT_NEW, 512, "US-ASCII")) {
            Initramfs image = new Initramfs(out);
            image.folder("dev");
            image.console();
            image.entry("init", CpioConstants.C_ISREG | 0755, probe);
            image.folder("modules");
            int number = 0;
            for (byte[] module : modules) {
                image.entry("modules/" + number++ + ".ko", CpioConstants.C_ISREG | 0644, module);
            }
            image.entry("requests", CpioConstants.C_ISREG | 0644, requests.getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> each : files.entrySet()) {
                image.above(each.getKey());
                image.entry(each.getKey(), CpioConstants.C_ISREG | 0755, each.getValue());
            }
        }
    }

    private void above(String name) throws IOException {
        for (int at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) {
            folder(name.substring(0, at));
        }
    }

    private void folder(String name) throws IOException {
        if (folders.add(name)) {
            entry(name, CpioConstants.C_ISDIR | 0755, new byte[0]);
        }
    }

    private void entry(String name, int mode, byte[] content) throws IOException {
        CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, name, content.length);
        entry.setMode(mode);
        entry.setInode(inode++);
        entry.setTime(0);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    /** What the probe prints when it cannot even reach its port goes to the console. */
    private void console() throws IOException {
        CpioArchiveEntry entry = new CpioArchiveEntry(CpioConstants.FORMAT_NEW, "dev/console", 0);
        entry.setMode(CpioConstants.C_ISCHR | 0600);
        entry.setInode(inode++);
        entry.setTime(0);
        entry.setRemoteDeviceMaj(CONSOLE_MAJOR);
        entry.setRemoteDeviceMin(CONSOLE_MINOR);
        out.putArchiveEntry(entry);
        out.closeArchiveEntry();
    }
}
