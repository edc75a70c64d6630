package org.cowbench.kernel;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Makes kernels, modules and packages that look like real ones from outside. */
public final class Packages {

    private Packages() {}

    /** A bzImage's boot header, and nothing behind it that could run. */
    public static byte[] bzImage(String release) {
        ByteBuffer image = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
        image.putInt(0x202, 0x53726448);
        image.putShort(0x206, (short) 0x20f);
        image.putShort(0x20e, (short) 0x1000);
        image.position(0x1200);
        image.put((release + " (build@host) #1 SMP").getBytes(StandardCharsets.US_ASCII));
        return image.array();
    }

    static byte[] module(String... depends) {
        return ("\177ELF junk\0license=GPL\0depends=" + String.join(",", depends) + "\0name=x\0rest")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] compress(String suffix, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream compressed =
                switch (suffix) {
                    case ".xz" -> new XZOutputStream(out, new LZMA2Options());
                    case ".zst" -> new ZstdOutputStream(out);
                    case ".gz" -> new GZIPOutputStream(out);
                    default -> out;
                }) {
            compressed.write(bytes);
        }
        return out.toByteArray();
    }

    /** Files of a package, by path. */
    public static Map<String, byte[]> files(Object... namesAndContents) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            Object content = namesAndContents[i + 1];
            files.put(
                    (String) namesAndContents[i],
                    content instanceof byte[] bytes ? bytes : content.toString().getBytes(StandardCharsets.UTF_8));
        }
        return files;
    }

    static Path deb(Path file, String compression, String control, Map<String, byte[]> data) throws IOException {
        return deb(file, compression, control, data, Map.of());
    }

    /** A package with symbolic links, which have a path and a target. */
    public static Path deb(
            Path file, String compression, String control, Map<String, byte[]> data, Map<String, String> links)
            throws IOException {
        try (ArArchiveOutputStream ar = new ArArchiveOutputStream(Files.newOutputStream(file))) {
            member(ar, "debian-binary", "2.0\n".getBytes(StandardCharsets.US_ASCII));
            member(ar, "control.tar" + compression, compress(compression, tar(files("./control", control), Map.of())));
            member(ar, "data.tar" + compression, compress(compression, tar(data, links)));
        }
        return file;
    }

    private static void member(ArArchiveOutputStream ar, String name, byte[] content) throws IOException {
        ar.putArchiveEntry(new ArArchiveEntry(name, content.length));
        ar.write(content);
        ar.closeArchiveEntry();
    }

    private static byte[] tar(Map<String, byte[]> files, Map<String, String> links) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
            for (Map.Entry<String, String> link : links.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(link.getKey(), TarConstants.LF_SYMLINK);
                entry.setLinkName(link.getValue());
                tar.putArchiveEntry(entry);
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }
}
