package org.cowbench.kernel.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.kernel.Archives;
import org.cowbench.kernel.KernelException;
import org.cowbench.kernel.KernelImage;
import org.cowbench.kernel.ShippedScript;

/**
 * A program of Debian's with the libraries it needs, out of packages and into a guest; nothing is installed or unpacked.
 *
 * @param files what a guest needs of it, by path without a leading slash
 * @param packages those that the files are of, each with its version, such as {@code redis-server_8.0.2-3}
 */
public record Program(Map<String, byte[]> files, List<String> packages) {
    /** The suite that programs come from unless another is named. */
    public static final String SUITE = "trixie";

    private static final List<String> SCRIPTS = List.of("fetch-packages.sh", "apt-private.sh");
    private static final int LACKS = 3;
    /** Where a loader without a cache looks for libraries. */
    private static final String LIBRARIES = "lib/x86_64-linux-gnu/";

    private static final int MOST_LINKS = 40;

    /** Every file and link of the packages. */
    private static final class Contents {
        private final Map<String, byte[]> files = new HashMap<>();
        private final Map<String, String> links = new HashMap<>();
        private final Map<String, String> packages = new HashMap<>();

        void read(Path deb) throws IOException {
            // package_version_architecture.deb
            String name = deb.getFileName().toString().replace("%3a", ":").replaceFirst("(_[a-z0-9]+)?\\.deb$", "");
            Archives.visitDeb(deb, "data", new Archives.Visitor() {
                @Override
                public void visit(String path, InputStream content) throws IOException {
                    if (path.contains("/bin/") || path.startsWith("bin/") || path.contains(".so")) {
                        files.put(merged(path), content.readAllBytes());
                        packages.put(merged(path), name);
                    }
                }

                @Override
                public void link(String path, String target) {
                    Path from = Objects.requireNonNull(Path.of("/" + path).getParent());
                    links.put(
                            merged(path),
                            merged(from.resolve(target).normalize().toString().substring(1)));
                }
            });
        }

        /** The file that a path leads to; as packages have it, not as one that links lead to. */
        Optional<String> find(String path) {
            String at = merged(path);
            for (int i = 0; i < MOST_LINKS && links.containsKey(at); i++) {
                at = links.get(at);
            }
            return files.containsKey(at) ? Optional.of(at) : Optional.empty();
        }

        Optional<String> library(String name) {
            return Stream.of(LIBRARIES, "lib/", "lib64/")
                    .flatMap(folder -> find(folder + name).stream())
                    .findFirst();
        }

        /** Older packages have /lib beside /usr/lib, newer ones one of them. */
        private static String merged(String path) {
            return path.startsWith("usr/") ? path.substring("usr/".length()) : path;
        }
    }

    /**
     * Where fetched packages are kept.
     *
     * @param environment the environment variables
     * @return {@code $COWBENCH_APPS}, else {@code ${XDG_CACHE_HOME:-~/.cache}/cowbench/apps}
     */
    public static Path cache(Map<String, String> environment) {
        String own = environment.getOrDefault("COWBENCH_APPS", "");
        return own.isEmpty() ? KernelImage.cacheFolder(withoutOwn(environment)).resolveSibling("apps") : Path.of(own);
    }

    private static Map<String, String> withoutOwn(Map<String, String> environment) {
        Map<String, String> others = new HashMap<>(environment);
        others.remove("COWBENCH_KERNELS");
        return others;
    }

    /**
     * Fetches packages and all that they depend on, unless they are in the cache.
     *
     * @param app the program
     * @param suite Debian's, such as {@code trixie}
     * @param cache where fetched packages are kept
     * @return the folder with the packages
     * @throws KernelException if they cannot be fetched
     */
    public static Path fetch(App app, String suite, Path cache) {
        Path folder = cache.resolve(app.name() + "@" + suite);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        List<String> arguments = new ArrayList<>(List.of(suite, folder.toString()));
        arguments.addAll(app.packages());
        try {
            int status = ShippedScript.run(SCRIPTS, arguments);
            if (status != 0) {
                throw new KernelException(
                        status < LACKS ? KernelException.Kind.USAGE : KernelException.Kind.LACKS,
                        "Debian's packages of " + app.name() + " (" + String.join(" ", app.packages())
                                + ") could not be fetched from " + suite + ", see above; --suite names another,"
                                + " --packages a folder of packages that you have");
            }
            return folder;
        } catch (IOException e) {
            throw new KernelException(
                    KernelException.Kind.LACKS, "fetch-packages.sh cannot be run: " + e.getMessage(), "", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KernelException(KernelException.Kind.LACKS, "interrupted while fetching packages");
        }
    }

    /**
     * Takes a program and the libraries it needs, directly or by way of others, out of packages.
     *
     * @param app the program
     * @param folder the folder with its packages and those they depend on
     * @return what a guest needs
     * @throws KernelException if a package or a library is missing
     */
    public static Program of(App app, Path folder) {
        Contents contents = new Contents();
        try (Stream<Path> list = Files.list(folder)) {
            for (Path deb : list.filter(file -> file.toString().endsWith(".deb"))
                    .sorted()
                    .toList()) {
                contents.read(deb);
            }
        } catch (IOException e) {
            throw new KernelException(
                    KernelException.Kind.USAGE,
                    folder + " is no folder of Debian packages (" + e.getMessage()
                            + "); remove it to have them fetched again, or name another by --packages",
                    "",
                    e);
        }
        String path = app.arguments().getFirst().substring(1);
        String program = contents.find(path)
                .orElseThrow(() -> new KernelException(
                        KernelException.Kind.USAGE,
                        folder
                                + " has no package with /" + path + "; it takes " + String.join(", ", app.packages())
                                + " and all that they depend on"));
        Map<String, byte[]> files = new TreeMap<>();
        TreeSet<String> packages = new TreeSet<>();
        files.put(path, contents.files.get(program));
        packages.add(contents.packages.get(program));
        Deque<byte[]> open = new ArrayDeque<>(List.of(files.get(path)));
        while (!open.isEmpty()) {
            ElfFile elf = ElfFile.of(open.remove())
                    .orElseThrow(() -> new KernelException(
                            KernelException.Kind.USAGE,
                            folder + ": /" + path + ", or a library that it needs, is no ELF file of 64 bits"));
            elf.interpreter()
                    .ifPresent(loader -> files.put(
                            loader.substring(1),
                            contents.files.get(need(contents.find(loader.substring(1)), loader, path, folder))));
            for (String name : elf.needed()) {
                if (!files.containsKey(LIBRARIES + name)) {
                    String library = need(contents.library(name), name, path, folder);
                    packages.add(contents.packages.get(library));
                    byte[] found = Objects.requireNonNull(contents.files.get(library));
                    files.put(LIBRARIES + name, found);
                    open.add(found);
                }
            }
        }
        return new Program(files, List.copyOf(packages));
    }

    private static String need(Optional<String> found, String name, String path, Path folder) {
        return found.orElseThrow(() -> new KernelException(
                KernelException.Kind.USAGE,
                "no package in " + folder + " has " + name + ", which /" + path
                        + " needs; remove the folder to have them fetched again, or put it there"));
    }

    /**
     * The packages, as a result tells them.
     *
     * @return names and versions
     */
    public String versions() {
        return packages.stream().map(each -> each.replaceFirst("_", " ")).collect(Collectors.joining(", "));
    }
}
