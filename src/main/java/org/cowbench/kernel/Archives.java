package org.cowbench.kernel;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** Reads Debian packages and compressed files; nothing is unpacked to disk. */
public final class Archives {

    /** Is shown every regular file of an archive. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Looks at a file.
         *
         * @param name path without a leading {@code ./} or {@code /}
         * @param content its bytes; need not be read
         * @throws IOException if they cannot be read
         */
        void visit(String name, InputStream content) throws IOException;

        /**
         * Looks at a link.
         *
         * @param name path without a leading {@code ./} or {@code /}
         * @param target as the archive has it: of a symbolic link a path from its folder on, or an absolute one
         */
        default void link(String name, String target) {}
    }

    private Archives() {}

    /**
     * Shows the files of a package.
     *
     * @param deb the package
     * @param member which archive in it: {@code control} or {@code data}
     * @param visitor is shown every regular file
     * @throws IOException if it is not a package or cannot be read
     */
    public static void visitDeb(Path deb, String member, Visitor visitor) throws IOException {
        try (ArArchiveInputStream ar = new ArArchiveInputStream(new BufferedInputStream(Files.newInputStream(deb)))) {
            for (ArArchiveEntry part = ar.getNextEntry(); part != null; part = ar.getNextEntry()) {
                String name = part.getName().replace("/", "");
                if (name.startsWith(member + ".tar")) {
                    visitTar(decompress(name, ar), visitor);
                    return;
                }
            }
        }
        throw new IOException("no " + member + ".tar in it");
    }

    private static void visitTar(InputStream stream, Visitor visitor) throws IOException {
        TarArchiveInputStream tar = new TarArchiveInputStream(stream);
        for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            String name = entry.getName().replaceFirst("^\\.?/+", "");
            if (entry.isSymbolicLink()) {
                visitor.link(name, entry.getLinkName());
            } else if (entry.isFile()) {
                visitor.visit(name, tar);
            }
        }
    }

    /**
     * Undoes the compression that a name tells.
     *
     * @param name a file's name
     * @param content its bytes
     * @return the uncompressed bytes; the same stream when the name tells of no compression
     * @throws IOException if the bytes are not so compressed
     */
    static InputStream decompress(String name, InputStream content) throws IOException {
        if (name.endsWith(".xz")) {
            return XZCompressorInputStream.builder()
                    .setInputStream(content)
                    .setDecompressConcatenated(true)
                    .get();
        }
        if (name.endsWith(".zst")) {
            return new ZstdInputStream(content);
        }
        if (name.endsWith(".gz")) {
            return new GZIPInputStream(content);
        }
        return content;
    }

    /**
     * The name of a kernel module's file without compression.
     *
     * @param name a file's name, with or without folders
     * @return the module's name, {@code _} for {@code -}; empty when it is not a module
     */
    static Optional<String> moduleName(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\.(xz|zst|gz)$", "");
        return file.endsWith(".ko")
                ? Optional.of(file.substring(0, file.length() - ".ko".length()).replace('-', '_'))
                : Optional.empty();
    }
}
