package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where {@code build-kernel.sh} takes a source from: a Git tree and a range, or a folder; and both kernels of a change. */
@Tag("slow")
class BuildSourceTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String RULE = "int first;\nif (page_count(page) != %s)\nint last;\n";
    private static final String MAKEFILE = """
        tinyconfig olddefconfig:
        \t@touch .config
        bzImage: mm/memory.c
        \t@mkdir -p arch/x86/boot
        \t@! grep -n SYNTAX mm/memory.c || { echo "mm/memory.c:2:9: error: expected ';'" >&2; exit 1; }
        \t@! grep -q FULL mm/memory.c || { echo "as: No space left on device" >&2; exit 1; }
        \t@echo "  CC      mm/memory.o"; echo made >> $(dir $(CURDIR))made
        \t@{ echo "7.3.0$(LOCALVERSION)"; cat mm/memory.c; } > arch/x86/boot/bzImage; : > mm/memory.o
        """;

    @TempDir
    private Path folder;

    private Path tree;
    private Path cache;

    private record Ended(int status, List<String> out, List<String> err) {}

    @BeforeEach
    void makeTree() throws Exception {
        tree = folder.resolve("tree");
        cache = folder.resolve("cache");
        write(tree.resolve("Makefile"), MAKEFILE);
        write(tree.resolve("mm/memory.c"), RULE.formatted("1"));
        write(tree.resolve("mm/Kconfig"), "config KASAN\n");
        executable(write(tree.resolve("scripts/config"), """
            #!/bin/sh
            : > .config
            while [ $# -gt 0 ]; do [ "$1" = -d ] || echo "CONFIG_$2=y" >> .config; shift 2; done
            """));
        for (String tool : List.of("flex", "bison", "bc")) {
            executable(write(folder.resolve("bin/" + tool), "#!/bin/sh\nexit 1\n"));
        }
        git("init", "-q");
        commit("base");
        rule("2");
        commit("two");
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static void executable(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void rule(String rule) throws IOException {
        write(tree.resolve("mm/memory.c"), RULE.formatted(rule));
    }

    private String git(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=a", "-c", "user.email=a@example.org"));
        command.addAll(List.of(words));
        Process git = new ProcessBuilder(command)
                .directory(tree.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(git.waitFor()).as(said).isZero();
        return said;
    }

    private void commit(String subject) throws Exception {
        git("add", "-A");
        git("commit", "-q", "-m", subject);
    }

    private Ended build(String... options) throws Exception {
        return build(Path.of("/dev/null"), options);
    }

    private Ended build(Path input, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "sh",
                Path.of("src/main/scripts/build-kernel.sh").toAbsolutePath().toString()));
        command.addAll(List.of(options));
        Path out = folder.resolve("stdout");
        Path err = folder.resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(input.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, own) -> path + ":" + own);
        builder.environment().put("COWBENCH_BUILDS", cache.toString());
        Process process = builder.start();
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    }

    private static String source(String image) throws IOException {
        String text = Files.readString(Path.of(image));
        return text.substring(text.indexOf('\n') + 1);
    }

    private void refused(int status, String message, String... options) throws Exception {
        Ended ended = build(options);
        assertThat(ended.err().getLast()).startsWith("build-kernel: ").contains(message);
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.out()).isEmpty();
        if (Files.exists(cache.resolve("work"))) {
            try (var left = Files.list(cache.resolve("work"))) {
                assertThat(left.map(Path::toString))
                        .noneMatch(name -> name.matches(".*\\.(scratch|changed|making|new)"));
            }
        }
    }

    @Test
    void aRangeGivesBothKernelsAndLeavesTheTreeAlone() throws Exception {
        rule("9");
        git("add", "-A");
        String status = git("status", "--porcelain");
        Ended pair = build("--git", "tree", "HEAD^..HEAD", "--pair");
        assertThat(pair.err().toString()).doesNotContain("failed");
        assertThat(pair.status()).isZero();
        assertThat(pair.out()).hasSize(2).allMatch(image -> image.startsWith(cache + "/kernels/"));
        assertThat(source(pair.out().get(0))).isEqualTo(RULE.formatted("1"));
        assertThat(source(pair.out().get(1))).isEqualTo(RULE.formatted("2"));
        assertThat(git("status", "--porcelain")).isEqualTo(status);
        assertThat(git("worktree", "list").lines()).hasSize(1);
        // Both are found again, one commit is its own range, and nothing was made for either.
        String made = Files.readString(cache.resolve("work/made"));
        assertThat(build("--git", "tree", "HEAD", "--pair").out()).isEqualTo(pair.out());
        assertThat(build("--git", "tree", "HEAD", "--base").out())
                .isEqualTo(pair.out().subList(0, 1));
        assertThat(Files.readString(cache.resolve("work/made"))).isEqualTo(made).hasLineCount(2);
    }

    @Test
    void aPatchOnTopOfAFolderFromStandardInput() throws Exception {
        Path patch = write(folder.resolve("patch"), """
            --- a/mm/memory.c
            +++ b/mm/memory.c
            @@ -1,3 +1,3 @@
             int first;
            -if (page_count(page) != 2)
            +if (page_count(page) != 3)
             int last;
            """);
        write(tree.resolve("mm/memory.o"), "left by a build");
        Ended pair = build(patch, "--source", "tree", "--patch", "-", "--pair");
        assertThat(pair.status()).as(pair.err().toString()).isZero();
        assertThat(pair.out()).hasSize(2);
        assertThat(source(pair.out().get(0))).isEqualTo(RULE.formatted("2"));
        assertThat(source(pair.out().get(1))).isEqualTo(RULE.formatted("3"));
        assertThat(Files.readString(tree.resolve("mm/memory.c"))).isEqualTo(RULE.formatted("2"));
        try (var files = Files.walk(cache.resolve("pristine"))) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".o") || name.contains("/.git"));
        }
        // What lies in the folder is the source: an edit is another one.
        rule("4");
        assertThat(source(build("--source", "tree").out().getFirst())).isEqualTo(RULE.formatted("4"));
        assertThat(build("--clean").status()).isZero();
        assertThat(cache.resolve("kernels")).doesNotExist();
        try (var left = Files.list(cache.resolve("pristine"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theProgramRunsItsOwnCopyOfTheScript() throws Exception {
        assertThat(KernelBuild.run(List.of("--source", folder.resolve("bin").toString())))
                .isEqualTo(2);
    }

    @Test
    void whatIsWrongIsSaidInOneLine() throws Exception {
        refused(2, "no Git tree", "--git", "bin", "HEAD");
        refused(2, "has no commit 'v9'", "--git", "tree", "v9..HEAD");
        refused(2, "a shallow clone lacks parents", "--git", "tree", "HEAD^");
        refused(2, "looks like BASE..HEAD", "--git", "tree", "HEAD^...HEAD");
        refused(1, "HEAD..HEAD changes nothing", "--git", "tree", "HEAD..HEAD");
        refused(2, "needs a tree and BASE..HEAD", "--git", "tree");
        refused(2, "no source tree of Linux", "--source", "bin");
        refused(2, "one source", "--source", "tree", "--series", "6.12");
        refused(
                1,
                "the build failed: mm/memory.c:2:9: error: expected ';'",
                "--source",
                "tree",
                "--edit",
                "s/last/SYNTAX/");
        refused(3, "the disk is full: ", "--source", "tree", "--edit", "s/last/FULL/");
        // A pair says what is wrong with a change before it builds anything.
        refused(1, "changes nothing in mm/memory.c", "--source", "tree", "--edit", "s/absent//", "--pair");
    }
}
