package org.cowbench.kernel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The modules that come with a kernel, as far as a disk or zram may need them, and the names of those built in.
 *
 * <p>Dependencies are read from the modules themselves ({@code .modinfo}): Debian's packages hold no
 * {@code modules.dep}, which is made on installation.
 */
final class ModuleSet {
    /** Folders that hold drivers of disks, zram among them, and what these depend on. */
    private static final Set<String> FOLDERS = Set.of(
            "drivers/block/",
            "drivers/virtio/",
            "drivers/nvme/host/",
            "drivers/nvme/common/",
            "drivers/scsi/",
            "drivers/ata/",
            "lib/",
            "crypto/",
            "net/core/",
            "block/",
            "mm/");

    private final Map<String, Compressed> modules = new TreeMap<>();
    private final Set<String> builtIn = new TreeSet<>();
    private boolean builtInKnown;
    private boolean elsewhere;

    private record Compressed(String file, byte[] bytes) {
        byte[] content() {
            try (InputStream in = Archives.decompress(file, new ByteArrayInputStream(bytes))) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new KernelException(
                        KernelException.Kind.USAGE,
                        "module " + file + " is damaged: " + e.getMessage() + "; fetch or build it again",
                        "",
                        e);
            }
        }
    }

    ModuleSet() {}

    /**
     * Reads a folder as {@code make modules_install} makes it.
     *
     * @param folder {@code .../lib/modules/RELEASE}, or a folder above it
     * @return its modules
     */
    static ModuleSet of(Path folder) {
        ModuleSet set = new ModuleSet();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                try (InputStream in = Files.newInputStream(file)) {
                    set.offer(folder.relativize(file).toString(), in);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new KernelException(
                    KernelException.Kind.USAGE,
                    folder + " cannot be read: " + e.getMessage()
                            + "; --modules takes the folder lib/modules/RELEASE of 'make modules_install'",
                    "",
                    e);
        }
        if (set.modules.isEmpty() && !set.builtInKnown) {
            throw new KernelException(
                    KernelException.Kind.USAGE,
                    folder
                            + (set.elsewhere
                                    ? " holds modules, but no driver of a disk below a folder 'kernel'"
                                    : " holds no kernel module (*.ko)")
                            + "; --modules takes the folder lib/modules/RELEASE of 'make modules_install'");
        }
        return set;
    }

    /**
     * Takes a file if it is of use.
     *
     * @param name its path
     * @param content its bytes; read only when they are wanted
     * @throws IOException if they cannot be read
     */
    void offer(String name, InputStream content) throws IOException {
        if (name.endsWith("modules.builtin")) {
            builtInKnown = true;
            new String(content.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> Archives.moduleName(line.strip()).ifPresent(builtIn::add));
            return;
        }
        Optional<String> module = Archives.moduleName(name);
        int kernel = ("/" + name).indexOf("/kernel/");
        String path = kernel < 0 ? "" : name.substring(kernel + "kernel/".length());
        if (module.isPresent() && FOLDERS.stream().anyMatch(path::startsWith)) {
            modules.put(module.get(), new Compressed(name, content.readAllBytes()));
        } else if (module.isPresent()) {
            elsewhere = true;
        }
    }

    /**
     * Whether a driver is a module of this set.
     *
     * @param name the driver
     * @return whether it is
     */
    boolean has(String name) {
        return modules.containsKey(name);
    }

    /**
     * Whether a driver is built in.
     *
     * @param name the driver
     * @return true or false; empty when this set does not tell
     */
    Optional<Boolean> isBuiltIn(String name) {
        return builtInKnown ? Optional.of(builtIn.contains(name)) : Optional.empty();
    }

    /**
     * The modules to load for drivers, each behind those it depends on.
     *
     * @param drivers names; those that are no modules here are taken for built in
     * @param release of the kernel that is to load them
     * @return uncompressed modules by name, in the order to load them
     * @throws KernelException if one is missing, or is another kernel's
     */
    Map<String, byte[]> closure(List<String> drivers, String release) {
        Map<String, byte[]> order = new LinkedHashMap<>();
        drivers.forEach(driver -> add(driver, order, new TreeSet<>()));
        order.forEach((name, module) -> info(module, "vermagic")
                .map(magic -> magic.split(" ")[0])
                .filter(built -> !built.equals(release))
                .ifPresent(built -> {
                    throw new KernelException(
                            KernelException.Kind.USAGE,
                            "module " + name + " is of kernel " + built + ", the image is " + release
                                    + "; --modules takes the folder lib/modules/" + release);
                }));
        return order;
    }

    private void add(String name, Map<String, byte[]> order, Set<String> visiting) {
        Compressed module = modules.get(name);
        if (module == null || order.containsKey(name) || !visiting.add(name)) {
            return;
        }
        byte[] content = module.content();
        for (String needed : dependencies(content)) {
            if (!modules.containsKey(needed) && builtInKnown && !builtIn.contains(needed)) {
                throw new KernelException(
                        KernelException.Kind.USAGE,
                        "module " + name + " needs module " + needed
                                + ", which is missing; pass the whole lib/modules/RELEASE folder or package");
            }
            add(needed, order, visiting);
        }
        order.put(name, content);
    }

    /**
     * What a module depends on.
     *
     * @param module an uncompressed module
     * @return names of modules
     */
    static List<String> dependencies(byte[] module) {
        return Stream.of(info(module, "depends").orElse("").split(","))
                .filter(each -> !each.isBlank())
                .map(each -> each.strip().replace('-', '_'))
                .toList();
    }

    /** A field of a module's {@code .modinfo}: strings that end in a zero. */
    private static Optional<String> info(byte[] module, String field) {
        byte[] key = ("\0" + field + "=").getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at + key.length <= module.length; at++) {
            if (Arrays.equals(module, at, at + key.length, key, 0, key.length)) {
                int from = at + key.length;
                int end = from;
                while (end < module.length && module[end] != 0) {
                    end++;
                }
                return Optional.of(new String(module, from, end - from, StandardCharsets.US_ASCII));
            }
        }
        return Optional.empty();
    }
}
