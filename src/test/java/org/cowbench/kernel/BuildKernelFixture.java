package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A kernel of a few lines, packed as Debian packs its source, and the script that builds it. */
abstract class BuildKernelFixture {
    static final Duration LONG = Duration.ofSeconds(60);
    static final String SOURCE = "linux-source-5.10";
    static final String MEMORY = """
        int first;
        int second;
        int third;
        int do_wp_page(void)
        {
        \tif (page_count(page) != 1)
        \t\tgoto copy;
        \treuse();
        copy:
        \tcopy();
        }
        int last;
        """;
    /** Its own mtime rule is what is tested: a file that changed back must be made again. */
    static final String MAKEFILE = """
        tinyconfig olddefconfig:
        \t@touch .config; sed -i "/NEVER/d;/NO_SUCH/d" .config
        bzImage: arch/x86/boot/bzImage
        arch/x86/boot/bzImage: mm/memory.o mm/swap.o FORCE
        \t@mkdir -p arch/x86/boot
        \t@{ echo "5.10.0$(LOCALVERSION)"; cat $$(find . -name '*.o' | sort); } > $@
        mm/memory.o: mm/memory.c include/mm.h
        mm/swap.o: mm/swap.c include/mm.h
        %.o: %.c
        \t@echo $< >> compiled
        \t@! grep -n SYNTAX $< || { echo "$<:7: error: expected ';'" >&2; exit 1; }
        \t@cp $< $@
        \t@if grep -q SLOW $<; then touch slow; sleep 60; fi
        FORCE:
        """;

    @TempDir
    static Path packages;

    @TempDir
    Path folder;

    Path tree;
    Path image;

    record Ended(int status, String out, List<String> err) {}

    @BeforeAll
    static void makePackage() throws Exception {
        Path root = packages.resolve("root");
        Path source = packages.resolve(SOURCE);
        write(source.resolve("Makefile"), MAKEFILE);
        write(source.resolve("mm/memory.c"), MEMORY);
        write(source.resolve("mm/swap.c"), "int swap;\n");
        write(source.resolve("include/mm.h"), "int page_count(void);\n");
        write(source.resolve("mm/Kconfig"), "config SWAP\nconfig NEVER\nconfig KASAN\n");
        Path config = write(source.resolve("scripts/config"), """
            #!/bin/sh
            : > .config
            while [ $# -gt 0 ]; do [ "$1" = -d ] || echo "CONFIG_$2=y" >> .config; shift 2; done
            """);
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rwxr-xr-x"));
        write(
                root.resolve("DEBIAN/control"),
                "Package: " + SOURCE + "\nVersion: 5.10.0-1\nArchitecture: all\n"
                        + "Maintainer: nobody <nobody@example.org>\nDescription: three files\n");
        Files.createDirectories(root.resolve("usr/src"));
        // Older than the build, as the files of a package are.
        run(packages, "find", SOURCE, "-exec", "touch", "-d", "2024-01-01", "{}", "+");
        run(packages, "tar", "-cJf", "root/usr/src/" + SOURCE + ".tar.xz", SOURCE);
        run(packages, "dpkg-deb", "--root-owner-group", "-b", "root", SOURCE + "_5.10.0-1_all.deb");
        // Demanded by the script and never called by this source: what a test needs not have installed.
        for (String tool : List.of("flex", "bison", "bc")) {
            Path file = write(packages.resolve("bin/" + tool), "#!/bin/sh\nexit 1\n");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @BeforeEach
    void buildPlain() throws Exception {
        Files.createDirectories(folder.resolve("k"));
        Files.copy(packages.resolve(SOURCE + "_5.10.0-1_all.deb"), folder.resolve("k/" + SOURCE + "_5.10.0-1_all.deb"));
        tree = folder.resolve("k/work/" + SOURCE);
        image = folder.resolve("k/bzImage");
        assertThat(build("--output", "plain").status()).isZero();
    }

    static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    static void run(Path folder, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
    }

    ProcessBuilder builder(String... options) {
        String script =
                Path.of("src/main/scripts/build-kernel.sh").toAbsolutePath().toString();
        List<String> command = new ArrayList<>(List.of("sh", script, "k"));
        command.addAll(List.of(options).contains("--series") ? List.of() : List.of("--series", "5.10"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().merge("PATH", packages.resolve("bin").toString(), (path, own) -> path + ":" + own);
        return builder;
    }

    Ended build(String... options) throws Exception {
        return build(Path.of("/dev/null"), options);
    }

    Ended build(Path input, String... options) throws Exception {
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        Process process = builder(options)
                .redirectInput(input.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(out), Files.readAllLines(err));
    }

    /** The rule as {@code git diff} shows its change. */
    static String diff(String rule) {
        return """
            diff --git a/mm/memory.c b/mm/memory.c
            --- a/mm/memory.c
            +++ b/mm/memory.c
            @@ -3,7 +3,7 @@ int second;
             int third;
             int do_wp_page(void)
             {
            -\tif (page_count(page) != 1)
            +\tif (page_count(page) != %s)
             \t\tgoto copy;
             \treuse();
             copy:
            """.formatted(rule);
    }

    String patch(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        return name;
    }

    String rule(String rule) throws IOException {
        return patch(rule + ".patch", diff(rule));
    }

    /** What the kernel was made from: its release, then mm/memory.c and mm/swap.c. */
    String built(String file) throws IOException {
        String text = Files.readString(folder.resolve(file));
        return text.substring(text.indexOf('\n') + 1);
    }

    static String memory(String rule) {
        return MEMORY.replace("!= 1", "!= " + rule) + "int swap;\n";
    }

    Map<String, String> files(Path root) throws IOException {
        Map<String, String> files = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                files.put(root.relativize(file).toString(), Files.readString(file));
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    /** Both trees have Debian's source, and nothing but the build's own files is left. */
    void nothingIsEdited() throws IOException {
        Map<String, String> source = files(packages.resolve(SOURCE));
        assertThat(files(folder.resolve("k/pristine/" + SOURCE))).isEqualTo(source);
        Map<String, String> work = files(tree);
        work.keySet().removeIf(name -> name.endsWith(".o") || name.matches("arch/.*|compiled|slow|\\.config"));
        assertThat(work).isEqualTo(source);
        try (var left = Files.list(tree.getParent())) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(SOURCE, SOURCE + ".lock");
        }
    }
}
