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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code build-kernel.sh} builds, from a source package of three files whose make joins them into one. */
@Tag("slow")
class BuildKernelTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String SOURCE = "linux-source-5.10";
    private static final String MEMORY = """
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
    private static final String MAKEFILE = """
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
    private static Path packages;

    @TempDir
    private Path folder;

    private Path tree;
    private Path image;

    private record Ended(int status, String out, List<String> err) {}

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

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static void run(Path folder, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + output)
                .isZero();
    }

    private ProcessBuilder builder(String... options) {
        String script =
                Path.of("src/main/scripts/build-kernel.sh").toAbsolutePath().toString();
        List<String> command = new ArrayList<>(List.of("sh", script, "k"));
        command.addAll(List.of(options).contains("--series") ? List.of() : List.of("--series", "5.10"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().merge("PATH", packages.resolve("bin").toString(), (path, own) -> path + ":" + own);
        return builder;
    }

    private Ended build(String... options) throws Exception {
        return build(Path.of("/dev/null"), options);
    }

    private Ended build(Path input, String... options) throws Exception {
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
    private static String diff(String rule) {
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

    private String patch(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
        return name;
    }

    private String rule(String rule) throws IOException {
        return patch(rule + ".patch", diff(rule));
    }

    /** What the kernel was made from: its release, then mm/memory.c and mm/swap.c. */
    private String built(String file) throws IOException {
        String text = Files.readString(folder.resolve(file));
        return text.substring(text.indexOf('\n') + 1);
    }

    private String release(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).getFirst();
    }

    private static String memory(String rule) {
        return MEMORY.replace("!= 1", "!= " + rule) + "int swap;\n";
    }

    private Map<String, String> files(Path root) throws IOException {
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
    private void nothingIsEdited() throws IOException {
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

    private void refused(int status, String message, String... options) throws Exception {
        Files.deleteIfExists(image);
        Ended ended = build(options);
        assertThat(ended.err()).hasSize(1);
        assertThat(ended.err().getFirst()).startsWith("build-kernel: ").contains(message);
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.out()).isEmpty();
        assertThat(image).doesNotExist();
        nothingIsEdited();
    }

    private void makesThePlainOneAgain() throws Exception {
        run(folder, "rm", "-rf", "k/kernels");
        assertThat(build().status()).isZero();
        assertThat(image).hasSameBinaryContentAs(folder.resolve("plain"));
    }

    @Test
    void eachBuildIsOfWhatItsOptionsSay() throws Exception {
        assertThat(built("plain")).isEqualTo(memory("1"));
        assertThat(build("--patch", rule("2")).out()).isEqualTo(image.toRealPath() + "\n");
        assertThat(built("k/bzImage")).isEqualTo(memory("2"));
        String two = release("k/bzImage");
        nothingIsEdited();
        // The same again; what git apply makes of a tree that has it already is an error.
        assertThat(build("--patch", rule("2")).status()).isZero();
        assertThat(built("k/bzImage")).isEqualTo(memory("2"));
        assertThat(release("k/bzImage")).isEqualTo(two);
        assertThat(build("--patch", rule("3")).status()).isZero();
        assertThat(built("k/bzImage")).isEqualTo(memory("3"));
        assertThat(release("k/bzImage")).isNotEqualTo(two).matches("5\\.10\\.0-cowbench-[0-9a-f]{12}");
        assertThat(build("--edit", "s/!= 1/!= 2/").status()).isZero();
        assertThat(release("k/bzImage"))
                .as("the change counts, not how it was given")
                .isEqualTo(two);
        assertThat(build().status()).isZero();
        assertThat(image).hasSameBinaryContentAs(folder.resolve("plain"));
        assertThat(Files.readString(folder.resolve("k/bzImage.diff"))).isEmpty();
        nothingIsEdited();
        // mm/swap.c, which nobody changed, was compiled once, and a kernel that is kept is not made again.
        assertThat(Files.readAllLines(tree.resolve("compiled")))
                .containsOnlyOnce("mm/swap.c")
                .hasSize(4);
    }

    @Test
    void whatWasChangedLiesBesideTheKernel() throws Exception {
        assertThat(build("--patch", rule("2"), "--edit", "s/int last;/int end;/", "--enable", "CONFIG_KASAN")
                        .status())
                .isZero();
        assertThat(built("k/bzImage")).isEqualTo(memory("2").replace("last", "end"));
        assertThat(Files.readString(folder.resolve("k/bzImage.config")))
                .contains("CONFIG_SWAP=y\n", "CONFIG_KASAN=y\n", "CONFIG_DEBUG_VM=y\n", "CONFIG_GUP_TEST=y\n");
        String release = release("k/bzImage");
        // The difference is a patch again.
        Files.copy(folder.resolve("k/bzImage.diff"), folder.resolve("all.patch"));
        assertThat(build("--patch", "all.patch", "--enable", "KASAN").status()).isZero();
        assertThat(release("k/bzImage")).isEqualTo(release);
        assertThat(build("--patch", "all.patch", "--no-debug").status()).isZero();
        assertThat(Files.readString(folder.resolve("k/bzImage.config")))
                .contains("CONFIG_SWAP=y\n")
                .doesNotContain("DEBUG_VM", "KASAN");
        assertThat(release("k/bzImage")).isNotEqualTo(release);
    }

    @Test
    void filesThatComeAndGoAndHeaders() throws Exception {
        String text = """
            diff --git a/include/mm.h b/include/mm.h
            --- a/include/mm.h
            +++ b/include/mm.h
            @@ -1 +1,2 @@
             int page_count(void);
            +int more(void);
            diff --git a/mm/more/more.c b/mm/more/more.c
            new file mode 100644
            index 000000000000..111111111111
            --- /dev/null
            +++ b/mm/more/more.c
            @@ -0,0 +1 @@
            +int more;
            diff --git a/mm/Kconfig b/mm/Kconfig
            deleted file mode 100644
            --- a/mm/Kconfig
            +++ /dev/null
            @@ -1,3 +0,0 @@
            -config SWAP
            -config NEVER
            -config KASAN
            diff --git a/mm/swap.c b/mm/swapped.c
            similarity index 100%
            rename from mm/swap.c
            rename to mm/swapped.c
            diff --git a/Makefile b/Makefile
            --- a/Makefile
            +++ b/Makefile
            @@ -3,3 +3,3 @@
             bzImage: arch/x86/boot/bzImage
            -arch/x86/boot/bzImage: mm/memory.o mm/swap.o FORCE
            +arch/x86/boot/bzImage: mm/memory.o mm/swapped.o mm/more/more.o FORCE
             \t@mkdir -p arch/x86/boot
            """;
        Ended ended = build("--patch", patch("files.patch", text));
        assertThat(ended.err()).noneMatch(line -> line.contains("fuzz"));
        assertThat(ended.status()).isZero();
        assertThat(built("k/bzImage")).contains("int more;\n");
        assertThat(tree.resolve("mm/more/more.c")).doesNotExist();
        // Objects of files that are gone are make's; ours has no rule to remove them, as a kernel's lists have.
        try (var objects = Files.walk(tree)) {
            for (Path object : objects.filter(file -> file.toString().matches(".*(more|swapped)\\.o"))
                    .toList()) {
                Files.delete(object);
            }
        }
        nothingIsEdited();
        makesThePlainOneAgain();
    }

    private static String mail(String subject, String headers, String body) {
        return "From: A Hacker <a@example.org>\nSubject: " + subject + "\nMessage-ID: <1@example.org>\n" + headers
                + "\n" + body;
    }

    private static String plainMail(String subject, String diff) {
        return mail(
                subject,
                "",
                "Why this is right.\n\nSigned-off-by: A Hacker <a@example.org>\n---\n mm/memory.c | 2 +-\n\n" + diff
                        + "-- \n2.30.2\n");
    }

    private static String base64(String text) {
        return Base64.getMimeEncoder(76, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(text.getBytes(StandardCharsets.UTF_8))
                + "\n";
    }

    private static String quotedPrintable(String text) {
        // With a soft line break in each line that is long enough, as mailers make them.
        return text.replace("=", "=3D")
                .replace("\t", "=09")
                .replaceAll("(?m)^(.{12})", "$1=\n")
                .replaceAll("(?m) $", "=20");
    }

    private static String envelope(String mail) {
        return "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n" + mail + "\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bare",
                "crlf",
                "mail",
                "base64",
                "base64-crlf",
                "quoted-printable",
                "attachment",
                "whole-tree",
                "no-prefix",
                "unfinished",
                "show"
            })
    void aPatchAsPeopleHaveIt(String form) throws Exception {
        String diff = diff("2");
        String text =
                switch (form) {
                    case "bare" -> diff;
                    case "crlf" -> plainMail("[PATCH] mm: two", diff).replace("\n", "\r\n");
                    case "mail" -> envelope(plainMail("[PATCH] mm: two", diff));
                    case "base64" ->
                        mail("[PATCH] mm: two", "Content-Transfer-Encoding: base64\n", base64("Why.\n---\n" + diff));
                    case "base64-crlf" ->
                        mail(
                                        "[PATCH] mm:\n two",
                                        "Content-Type: text/plain; charset=utf-8\n"
                                                + "Content-Transfer-Encoding: BASE64\n",
                                        base64("Why: é\n---\n" + diff.replace("\n", "\r\n")))
                                .replace("\n", "\r\n");
                    case "quoted-printable" ->
                        mail(
                                "[PATCH] mm: two",
                                "Content-Transfer-Encoding: quoted-printable\n",
                                quotedPrintable("Why.\n---\n" + diff));
                    case "attachment" ->
                        mail(
                                "[PATCH] mm: two",
                                "Content-Type: multipart/mixed;\n boundary=\"==b\"\n",
                                "--==b\n"
                                        + "Content-Type: multipart/alternative; boundary=in\n\n"
                                        + "--in\n\n"
                                        + "See the attachment.\n"
                                        + "--in\n"
                                        + "Content-Type:"
                                        + " text/html\n\n"
                                        + "<pre>" + diff("9") + "</pre>\n--in--\n--==b\n"
                                        + "Content-Type: text/x-patch\nContent-Transfer-Encoding: base64\n\n"
                                        + base64(diff)
                                        + "--==b--\n");
                    case "whole-tree" ->
                        diff.replaceFirst("diff.*\n", "")
                                .replace("a/mm", "linux-5.10.orig/mm")
                                .replace("b/mm", "linux-5.10/mm")
                                .replace("memory.c\n", "memory.c\t2022-01-13 14:39:00\n");
                    case "no-prefix" -> diff.replace("a/mm", "mm").replace("b/mm", "mm");
                    case "unfinished" ->
                        "How about this as an alternative?\n\n" + diff.replaceFirst("diff.*\n---.*\n", "");
                    // The example in the message is no change.
                    default ->
                        "commit 0123\nAuthor: A <a@example.org>\n\n    mm: two\n\n    It was:\n"
                                + diff("7").replaceAll("(?m)^", "    ") + "\n" + diff;
                };
        Ended ended = build("--patch", patch("given", text));
        assertThat(ended.err()).hasSize(1);
        assertThat(ended.status()).isZero();
        assertThat(built("k/bzImage")).isEqualTo(memory("2"));
        nothingIsEdited();
    }

    @Test
    void aSeriesInAMailboxFromStandardInput() throws Exception {
        String second = diff("2")
                .replace("+\tif (page_count(page) != 2)", "+\tif (page_count(page) != 3)")
                .replace("-\tif (page_count(page) != 1)", "-\tif (page_count(page) != 2)");
        Path box = Files.writeString(
                folder.resolve("box"),
                envelope(mail("[PATCH v2 0/2] mm: count", "", "A cover letter, with what changed:\n\n" + diff("8")))
                        + envelope(
                                mail("[PATCH v2 2/2] mm: three", "Content-Transfer-Encoding: base64\n", base64(second)))
                        + envelope(mail("Re: [PATCH v2 1/2] mm: two", "", "> quoted\nBetter so:\n\n" + diff("9")))
                        + envelope(plainMail("[PATCH v2 1/2] mm: two", diff("2"))));
        Ended ended = build(box, "--patch", "-");
        assertThat(ended.status()).isZero();
        assertThat(built("k/bzImage")).isEqualTo(memory("3"));
        assertThat(ended.err())
                .hasSize(3)
                .anyMatch(
                        line -> line.endsWith("standard input: leaves out '[PATCH v2 0/2] mm: count', a cover letter"))
                .anyMatch(line -> line.endsWith("leaves out 'Re: [PATCH v2 1/2] mm: two', a reply"));
        nothingIsEdited();
        refused(
                1,
                "twice: has patch 1/2 twice ('[PATCH 1/2] ä', '[PATCH v2 1/2] b'): give one series",
                "--patch",
                patch(
                        "twice",
                        envelope(plainMail("=?UTF-8?q?[PATCH_1/2]_=C3=A4?=", diff("2")))
                                + envelope(plainMail("[PATCH v2 1/2] b", diff("3")))));
        refused(2, "only one", "--patch", "-", "--patch", "-");
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsChanged() throws Exception {
        String compiled = Files.readString(tree.resolve("compiled"));
        refused(
                1,
                "mm/memory.c:3: hunk 1 fails",
                "--patch",
                patch("other", diff("2").replace("page_count", "page_mapcount")));
        String late = diff("2").replace("-\tif (page_count(page) != 1)", "-\tif (page_count(page) != 3)")
                + "@@ -12,1 +12,1 @@\n-int least;\n+int end;\n";
        refused(
                1,
                "mm: late: does not apply to linux-source-5.10 5.10.0-1: mm/memory.c:12: hunk 2 fails",
                "--patch",
                rule("3"),
                "--patch",
                patch("late", plainMail("mm: late", late)));
        refused(1, "is in linux-source-5.10 5.10.0-1 already", "--patch", rule("2"), "--patch", "2.patch");
        refused(
                1,
                "changes mm/gone.c, which linux-source-5.10 5.10.0-1 does not have",
                "--patch",
                patch("gone", diff("2").replace("memory.c", "gone.c")));
        refused(1, "nothing differs", "--edit", "s/!= 1/!= 2/", "--edit", "s/!= 2/!= 1/");
        refused(1, "changes nothing in mm/memory.c", "--edit", "s/no such thing//");
        refused(2, "is not for sed", "--edit", "s/no end");
        refused(
                1,
                "hunk 1 of mm/memory.c in 'cut' is cut off",
                "--patch",
                patch("cut", diff("2").substring(0, diff("2").indexOf(" copy:"))));
        refused(1, "is damaged", "--patch", patch("wrapped", diff("2").replace(" \t\tgoto copy;", "goto copy;")));
        refused(1, "than its header says", "--patch", patch("added", diff("2") + "+int more;\n"));
        refused(1, "has no patch in it", "--patch", patch("words", "Dear list,\n\nplease apply.\n"));
        refused(
                1,
                "is no file of a source tree",
                "--patch",
                patch("out", diff("2").replace("mm/memory.c", "../../x")));
        refused(2, "no such patch: absent", "--patch", "absent");
        refused(2, "no CONFIG_NO_SUCH", "--enable", "NO_SUCH");
        refused(2, "CONFIG_NEVER was not taken", "--enable", "NEVER", "--patch", "2.patch");
        refused(2, "a series looks like", "--series", "five");
        refused(2, "--output", "--output", "absent/bzImage");
        assertThat(Files.readString(tree.resolve("compiled"))).isEqualTo(compiled);
    }

    @Test
    void fuzzIsTold() throws Exception {
        Ended ended = build("--patch", patch("fuzzy", diff("2").replace("int third;", "int fourth;")));
        assertThat(ended.status()).isZero();
        assertThat(ended.err().getFirst())
                .isEqualTo("build-kernel: fuzzy: mm/memory.c:3: hunk 1 fits only with fuzz 1");
        assertThat(built("k/bzImage")).isEqualTo(memory("2"));
    }

    @Test
    void whatDoesNotCompileIsNamedAndGone() throws Exception {
        Ended ended = build("--edit", "s/int last;/int last SYNTAX/");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err().getLast())
                .startsWith("build-kernel: the build failed: mm/memory.c:7: error: expected ';'");
        nothingIsEdited();
        makesThePlainOneAgain();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKilledBuildLeavesNothingBehind(boolean atOnce) throws Exception {
        Process slow = builder("--edit", "s/int last;/int last; SLOW/")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("slow").toFile())
                .start();
        long end = System.nanoTime() + LONG.toNanos();
        while (Files.notExists(tree.resolve("slow")) && System.nanoTime() < end) {
            Thread.sleep(20);
        }
        // Nobody else gets between.
        assertThat(build()).satisfies(other -> {
            assertThat(other.status()).isEqualTo(3);
            assertThat(other.err()).hasSize(1).allMatch(line -> line.contains("another build is at work"));
        });
        List<ProcessHandle> children = slow.descendants().toList();
        assertThat(children).isNotEmpty();
        if (atOnce) {
            slow.destroyForcibly();
            assertThat(slow.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            // The kernel's own make outlives it, and with it the lock.
            assertThat(build().status()).isEqualTo(3);
            children.forEach(ProcessHandle::destroyForcibly);
            for (ProcessHandle child : children) {
                child.onExit().get(LONG.toSeconds(), TimeUnit.SECONDS);
            }
        } else {
            slow.destroy();
            assertThat(slow.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(slow.exitValue()).isEqualTo(143);
            nothingIsEdited();
            assertThat(children).noneMatch(ProcessHandle::isAlive);
        }
        makesThePlainOneAgain();
        nothingIsEdited();
    }

    @Test
    void aSourceThatSomebodyEditedIsNotBuilt() throws Exception {
        Files.writeString(folder.resolve("k/pristine/" + SOURCE + "/mm/swap.c"), "int mine;\n");
        Ended ended = build();
        assertThat(ended.status()).isEqualTo(3);
        assertThat(ended.err())
                .hasSize(1)
                .allMatch(line -> line.contains("mm/swap.c was edited: give the change as --patch"));
    }
}
