package org.cowbench.kernel;

import java.io.File;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cowbench.result.Writable;

/** A swap file that is there as long as this is open, and gone however the JVM ends. */
public final class TemporarySwap implements AutoCloseable {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})([MG])");
    private static final int LEAST_MIB = 64;
    private static final int MIB_PER_GIB = 1024;
    private static final long BYTES_PER_MIB = 1024 * 1024;
    /** What is left free on the disk. */
    private static final int SPARE_MIB = 64;

    static final String SCRIPT = """
        PATH=$PATH:/usr/sbin:/sbin
        make() {
            folder=$(mktemp -d "$1/cowbench-swap-XXXXXX") || return 1
            file=$folder/swap
            umask 077
            if ! dd if=/dev/zero of="$file" bs=1M count="$2" status=none; then return 1; fi
            mkswap "$file" >/dev/null || return 1
            swapon "$file" && active=yes
        }
        undo() {
            if [ -n "$active" ] && ! swapoff "$file"; then
                echo "it stays active: make memory free, then swapoff $file && rm -r $folder"
                return 1
            fi
            rm -rf "$folder"
        }
        """;

    private final Guardian guardian;

    private TemporarySwap(Guardian guardian) {
        this.guardian = guardian;
    }

    /**
     * Makes and activates a swap file in the temporary folder.
     *
     * @param size such as {@code 512M} or {@code 1G}, from 64M on
     * @return to be closed when it is to go
     * @throws KernelException if the size is none, or the file cannot be made or activated
     */
    public static TemporarySwap make(String size) {
        Matcher matcher = SIZE.matcher(size.toUpperCase(Locale.ROOT));
        int mib = matcher.matches()
                ? Integer.parseInt(matcher.group(1)) * (matcher.group(2).equals("G") ? MIB_PER_GIB : 1)
                : 0;
        if (mib < LEAST_MIB) {
            throw new KernelException(
                    KernelException.Kind.USAGE,
                    "--setup-swap " + size + "; expected a size from 64M on, such as 512M or 1G");
        }
        Writable.demandTemporary(System.getenv());
        String folder = System.getProperty("java.io.tmpdir");
        long free = new File(folder).getUsableSpace() / BYTES_PER_MIB;
        if (mib + SPARE_MIB > free) {
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    "--setup-swap " + size + " does not fit: " + folder
                            + " has " + free + " MiB free, and " + SPARE_MIB
                            + " are left alone; make room, or set another"
                            + " place with TMPDIR");
        }
        return new TemporarySwap(Guardian.make(
                SCRIPT,
                "a temporary swap file of " + mib
                        + " MiB (needs root, mkswap, swapon and a folder on a disk: another one with TMPDIR)",
                folder,
                String.valueOf(mib)));
    }

    @Override
    public void close() {
        guardian.close();
    }
}
