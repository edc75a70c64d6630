package org.cowbench.kernel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.litmus.SwapDevice;
import org.jspecify.annotations.Nullable;

/** A kernel that can be booted: its bzImage and the modules that came with it. */
public final class KernelImage implements KernelTarget {
    private static final int MAGIC_AT = 0x202;
    private static final int MAGIC = 0x53726448; // "HdrS"
    private static final int VERSION_AT = 0x20e;
    private static final int SETUP = 0x200;
    private static final int SETUP_SECTORS_AT = 0x1f1;
    private static final int SETUP_SECTORS = 4; // where the header says 0
    private static final int SECTOR = 512;
    private static final int CODE_AT = 0x1f4;
    private static final int CODE_UNIT = 16;
    private static final int PROTOCOL_AT = 0x206;
    private static final int PAYLOAD_AT = 0x248;
    private static final int PAYLOAD_SIZE_AT = 0x24c;
    /** Behind a payload that does not say it itself stands how long it is unpacked. */
    private static final int UNPACKED_SIZE = 4;

    private static final Pattern SERIES = Pattern.compile("(\\d+)\\.(\\d+).*");
    private static final Pattern NEEDED = Pattern.compile("\\b(linux-(?:binary|modules|image)-[a-z0-9.+~-]+)");

    /** Up to v6.11 zram takes its compressors from the kernel's crypto API and does not depend on their modules. */
    private static final List<String> ZRAM = List.of("lzo_rle", "lzo", "lz4", "zram");

    private final String source;
    private final byte[] image;
    private final String release;
    private final String build;
    private final ModuleSet modules;

    private KernelImage(String source, byte[] image, ModuleSet modules) {
        this.source = source;
        this.image = image;
        String version = versionOf(source, image);
        this.release = version.split(" ", 2)[0];
        this.build = version.contains("#") ? version.substring(version.indexOf('#')) : "";
        this.modules = modules;
    }

    /**
     * A kernel that somebody built.
     *
     * @param image the file {@code arch/x86/boot/bzImage} of a kernel tree
     * @param modules the folder {@code lib/modules/RELEASE} of its modules, or null when all it needs is built in
     * @return the kernel
     * @throws KernelException if the file is not a kernel
     */
    public static KernelImage of(Path image, @Nullable Path modules) {
        byte[] bytes;
        try {
            if (Files.isDirectory(image)) {
                throw usage(image + " is a folder; --image takes a bzImage, such as arch/x86/boot/bzImage");
            }
            bytes = Files.readAllBytes(image);
        } catch (NoSuchFileException e) {
            throw usage(image + ": no such file; --image takes a bzImage, such as arch/x86/boot/bzImage");
        } catch (IOException e) {
            throw usage(image + " cannot be read: " + e.getMessage());
        }
        KernelImage kernel =
                new KernelImage(image.toString(), bytes, modules == null ? new ModuleSet() : ModuleSet.of(modules));
        checkPayload(kernel.source, bytes);
        return kernel;
    }

    /**
     * Unpacks the kernel proper, as it will do itself: a damaged one would stop before it has a console to say so.
     * Compressions that Java has no reader for are not looked at.
     */
    private static void checkPayload(String source, byte[] image) {
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        int sectors = Byte.toUnsignedInt(image[SETUP_SECTORS_AT]);
        long from = (1L + (sectors == 0 ? SETUP_SECTORS : sectors)) * SECTOR
                + Integer.toUnsignedLong(header.getInt(PAYLOAD_AT));
        long size = Integer.toUnsignedLong(header.getInt(PAYLOAD_SIZE_AT));
        if (size <= UNPACKED_SIZE || from + size > image.length) {
            return;
        }
        String suffix =
                switch (header.getShort((int) from)) {
                    case (short) 0x8b1f -> ".gz";
                    case 0x37fd -> ".xz";
                    case (short) 0xb528 -> ".zst";
                    default -> "";
                };
        if (suffix.isEmpty()) {
            return;
        }
        int length = (int) size - (suffix.equals(".gz") ? 0 : UNPACKED_SIZE);
        try (InputStream unpacked = Archives.decompress(suffix, new ByteArrayInputStream(image, (int) from, length))) {
            unpacked.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw usage(source + " is damaged: the kernel in it cannot be unpacked (" + e.getMessage()
                    + "); copy or build it again");
        }
    }

    /**
     * A kernel of a Debian package. A package of a split kernel (linux-image that only depends on linux-binary and
     * linux-modules) is completed by the other packages in the same folder.
     *
     * @param deb the linux-image (or linux-binary) package
     * @return the kernel
     * @throws KernelException if the package is not a kernel, or a part of a split one is missing
     */
    public static KernelImage ofDeb(Path deb) {
        if (!Files.isRegularFile(deb)) {
            throw usage(
                    deb + ": no such file; --deb takes a linux-image package, see src/main/scripts/fetch-kernels.sh");
        }
        List<Path> parts = new ArrayList<>(List.of(deb));
        for (String needed : needed(deb)) {
            parts.addAll(sibling(deb, needed));
        }
        ModuleSet modules = new ModuleSet();
        byte[][] image = new byte[1][];
        for (Path part : parts) {
            try {
                Archives.visitDeb(part, "data", (name, content) -> {
                    String file = name.substring(name.lastIndexOf('/') + 1);
                    if (file.startsWith("vmlinuz")) {
                        image[0] = content.readAllBytes();
                    } else {
                        modules.offer(name, content);
                    }
                });
            } catch (IOException e) {
                throw new KernelException(
                        KernelException.Kind.USAGE,
                        part + " is not a Debian package: " + e.getMessage() + "; fetch it again",
                        "",
                        e);
            }
        }
        if (image[0] == null) {
            throw usage(
                    deb + " holds no kernel (vmlinuz), nor does a package beside it that it depends on; --deb takes a"
                            + " linux-image package, and of a split kernel linux-binary and linux-modules in the same"
                            + " folder");
        }
        return new KernelImage(deb.toString(), image[0], modules);
    }

    /** Kernel packages that a package depends on. */
    private static SortedSet<String> needed(Path deb) {
        TreeSet<String> names = new TreeSet<>();
        try {
            Archives.visitDeb(deb, "control", (name, content) -> {
                if (name.equals("control")) {
                    String control = new String(content.readAllBytes(), StandardCharsets.UTF_8);
                    control.lines()
                            .filter(line -> line.startsWith("Depends:") || line.startsWith("Pre-Depends:"))
                            .forEach(line -> {
                                Matcher matcher = NEEDED.matcher(line);
                                while (matcher.find()) {
                                    names.add(matcher.group(1));
                                }
                            });
                }
            });
        } catch (IOException e) {
            throw new KernelException(
                    KernelException.Kind.USAGE,
                    deb + " is not a Debian package: " + e.getMessage() + "; --deb takes a linux-image package",
                    "",
                    e);
        }
        return names;
    }

    private static List<Path> sibling(Path deb, String name) {
        Path folder = deb.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().startsWith(name + "_")
                                    && file.getFileName().toString().endsWith(".deb"))
                    .sorted()
                    .toList();
            if (found.isEmpty() && name.startsWith("linux-modules-")) {
                // All that a guest needs may be built in; when it is not, the guest says that it has no disk.
                return List.of();
            }
            if (found.isEmpty()) {
                throw usage(deb.getFileName() + " needs package " + name + ", which is not in " + folder
                        + "; put it there (src/main/scripts/fetch-kernels.sh fetches all parts)");
            }
            return found.subList(0, 1); // the only one, unless somebody keeps several builds of one release
        } catch (IOException e) {
            throw usage(folder + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * The kernels of the cache that {@code fetch-kernels.sh} fills.
     *
     * @param cache the cache
     * @return the linux-image package of each, by series such as {@code 6.12}, oldest series first
     */
    public static Map<String, Path> cached(Path cache) {
        Map<String, Path> kernels = new java.util.TreeMap<>(KernelImage::compareSeries);
        if (!Files.isDirectory(cache)) {
            return kernels;
        }
        try (Stream<Path> folders = Files.list(cache)) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                if (!SERIES.matcher(folder.getFileName().toString()).matches()) {
                    continue;
                }
                try (Stream<Path> files = Files.list(folder)) {
                    files.filter(file -> file.getFileName().toString().matches("linux-image-.*\\.deb"))
                            .sorted()
                            .findFirst()
                            .ifPresent(file -> kernels.put(folder.getFileName().toString(), file));
                }
            }
        } catch (IOException e) {
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    "the kernel cache " + cache + " cannot be read: " + e.getMessage()
                            + "; set COWBENCH_KERNELS to another folder",
                    "",
                    e);
        }
        return kernels;
    }

    /**
     * A kernel by whatever names it.
     *
     * @param name a bzImage, a linux-image package ({@code .deb}), or a series in the cache
     * @param modules as in {@link #of}
     * @param environment the environment variables
     * @return the kernel
     * @throws KernelException if there is none, or the file is not a kernel
     */
    public static KernelImage named(String name, @Nullable Path modules, Map<String, String> environment) {
        Path file = Path.of(name);
        if (Files.isRegularFile(file)) {
            return name.endsWith(".deb") ? ofDeb(file) : of(file, modules);
        }
        Map<String, Path> cached = cached(cacheFolder(environment));
        if (!cached.containsKey(name)) {
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    "'" + name + "' is neither a file nor a kernel in the cache;"
                            + " src/main/scripts/fetch-kernels.sh " + name + " fetches a series");
        }
        return ofDeb(cached.get(name));
    }

    /**
     * Where {@code fetch-kernels.sh} puts kernels.
     *
     * @param environment the environment variables
     * @return {@code $COWBENCH_KERNELS}, else {@code ${XDG_CACHE_HOME:-~/.cache}/cowbench/kernels}
     */
    public static Path cacheFolder(Map<String, String> environment) {
        String own = environment.get("COWBENCH_KERNELS");
        if (own != null && !own.isEmpty()) {
            return Path.of(own);
        }
        String caches = environment.get("XDG_CACHE_HOME");
        Path base = caches != null && !caches.isEmpty()
                ? Path.of(caches)
                : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".cache");
        return base.resolve("cowbench").resolve("kernels");
    }

    /**
     * Orders series by number: 6.1 before 6.12.
     *
     * @param a a series or release
     * @param b another
     * @return negative, 0 or positive
     */
    public static int compareSeries(String a, String b) {
        int[] left = numbers(a);
        int[] right = numbers(b);
        int order = Arrays.compare(left, right);
        return order != 0 ? order : a.compareTo(b);
    }

    private static int[] numbers(String series) {
        return Pattern.compile("\\d+")
                .matcher(series)
                .results()
                .mapToInt(each -> {
                    String digits = each.group();
                    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
                })
                .limit(3)
                .toArray();
    }

    private static KernelException usage(String message) {
        return new KernelException(KernelException.Kind.USAGE, message);
    }

    /** The boot protocol's header names the release, then who built it, then the build. */
    private static String versionOf(String source, byte[] image) {
        ByteBuffer buffer = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length < SETUP * 2 || buffer.getInt(MAGIC_AT) != MAGIC) {
            throw usage(source + " is not a kernel for x86: no boot header; take arch/x86/boot/bzImage, not vmlinux");
        }
        if (buffer.getShort(PROTOCOL_AT) < 0x20c) {
            throw usage(source + " is too old: boot protocol older than 2.12; cowbench asks kernels from 5.4 on");
        }
        int sectors = Byte.toUnsignedInt(image[SETUP_SECTORS_AT]);
        long size = (1L + (sectors == 0 ? SETUP_SECTORS : sectors)) * SECTOR
                + Integer.toUnsignedLong(buffer.getInt(CODE_AT)) * CODE_UNIT;
        if (image.length < size) {
            throw usage(source + " is cut off: " + image.length + " bytes of the " + size + " that its boot header"
                    + " names; copy or build it again");
        }
        int at = SETUP + Short.toUnsignedInt(buffer.getShort(VERSION_AT));
        int end = at;
        while (end < image.length && image[end] >= ' ') {
            end++;
        }
        if (at == SETUP || at >= image.length || end == at || image[at] == ' ') {
            throw usage(source + " names no release in its boot header; is it a Linux kernel?");
        }
        return new String(image, at, end - at, StandardCharsets.US_ASCII);
    }

    /**
     * Where it came from.
     *
     * @return the file's name as the user gave it
     */
    public String source() {
        return source;
    }

    @Override
    public String release() {
        return release;
    }

    @Override
    public KernelSession open(GuestOptions options, Path probe) {
        return new GuestSession(this, options, probe);
    }

    /**
     * The series.
     *
     * @return the release's first two numbers, such as {@code 6.12}
     */
    public String series() {
        Matcher matcher = SERIES.matcher(release);
        return matcher.matches() ? matcher.group(1) + "." + matcher.group(2) : release;
    }

    /**
     * What tells this build from another of the same release.
     *
     * @return as {@code uname -v} says it, such as {@code #1 SMP Debian 5.10.223-1 (2024-08-10)}; who built it where is
     *     left out
     */
    public String build() {
        return build;
    }

    /**
     * The image's hash.
     *
     * @return SHA-256 in hexadecimal digits
     */
    public String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(image));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * The disk that a guest swaps to.
     *
     * @return its name, or those that are tried where it cannot be told what is built in
     */
    public String disk() {
        return disks().stream()
                .map(disk -> disk.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" or "));
    }

    /**
     * Writes the bzImage.
     *
     * @param file where to
     * @throws IOException if it cannot be written
     */
    void writeTo(Path file) throws IOException {
        Files.write(file, image);
    }

    /**
     * The disks to give a guest, the first of which that this kernel can drive.
     *
     * @return one when the modules or the list of what is built in tell, else all
     */
    List<Disk> disks() {
        List<Disk> possible = new ArrayList<>();
        for (Disk disk : Disk.values()) {
            Optional<Boolean> known = disk.drivenBy(modules);
            if (known.isPresent() && known.get()) {
                return List.of(disk);
            }
            if (known.isEmpty()) {
                possible.add(disk);
            }
        }
        if (possible.isEmpty()) {
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    source + " has no driver for a disk of a guest, built in or as a module: build it with"
                            + " CONFIG_VIRTIO_PCI and CONFIG_VIRTIO_BLK, or CONFIG_BLK_DEV_NVME");
        }
        return possible;
    }

    /**
     * The modules that a guest needs.
     *
     * @param disks its disks
     * @param swap where it swaps to
     * @return in the order to load them
     * @throws KernelException if one is missing, or is another kernel's
     */
    Map<String, byte[]> modulesFor(List<Disk> disks, SwapDevice swap) {
        return modules.closure(
                Stream.concat(
                                disks.stream().flatMap(disk -> disk.drivers().stream()),
                                swap == SwapDevice.ZRAM ? ZRAM.stream() : Stream.empty())
                        .distinct()
                        .toList(),
                release);
    }
}
