package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code build-kernel.sh} builds, from a source package of three files whose make joins them into one. */
@Tag("slow")
class BuildKernelTest extends BuildKernelFixture {
    private String release(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).getFirst();
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

    @Test
    void whatDoesNotCompileIsNamedAndGone() throws Exception {
        Ended ended = build("--edit", "s/int last;/int last SYNTAX/");
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err().getLast())
                .startsWith("build-kernel: the build failed: mm/memory.c:7: error: expected ';'");
        nothingIsEdited();
        makesThePlainOneAgain();
    }

    @Test
    void whatTheConfigurationLeavesOutIsNamed() throws Exception {
        String text = """
            --- /dev/null
            +++ b/mm/huge.c
            @@ -0,0 +1 @@
            +int huge;
            """;
        for (String when : List.of("built", "from the cache")) {
            Ended ended = build("--patch", patch("huge.patch", text));
            assertThat(ended.status()).as(when).isEqualTo(1);
            assertThat(ended.err().getLast())
                    .isEqualTo(
                            "build-kernel: nothing that is changed is compiled into this kernel, unless --enable OPTION"
                                    + " takes it in: mm/huge.c");
        }
        Ended some = build("--patch", "huge.patch", "--patch", rule("2"));
        assertThat(some.status()).isZero();
        assertThat(some.err().getLast())
                .isEqualTo(
                        "build-kernel: changed and not compiled into this kernel, unless --enable OPTION takes it in:"
                                + " mm/huge.c");
        assertThat(image.toRealPath()).exists();
        nothingIsEdited();
        Ended named = build("--patch", patch("makefile.patch", text + """
            --- /dev/null
            +++ b/mm/Makefile
            @@ -0,0 +1 @@
            +obj-$(CONFIG_HUGE) += more.o huge.o
            """));
        assertThat(named.status()).isZero();
        assertThat(named.err().getLast()).endsWith(" takes it in: mm/huge.c (HUGE)");
        // One that another file includes is compiled with that.
        Ended included = build("--patch", "huge.patch", "--edit", "s/int last;/#include \"huge.c\"/");
        assertThat(included.status()).isZero();
        assertThat(included.err()).noneMatch(line -> line.contains("not compiled"));
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

    /** A full disk makes tar say a line for each of 46,000 files. */
    @Test
    void whatCannotBeUnpackedIsALine() throws Exception {
        run(folder, "rm", "-rf", "k/pristine", "k/work");
        Path tar = write(folder.resolve("bin/tar"), """
            #!/bin/sh
            case $1 in
                -xJ) for file in a b c; do echo "tar: $file: Cannot write: No space left on device" >&2; done; exit 2 ;;
            esac
            exec /bin/tar "$@"
            """);
        Files.setPosixFilePermissions(tar, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder builder = builder();
        builder.environment().merge("PATH", folder.resolve("bin").toString(), (path, own) -> own + ":" + path);
        assertThat(said(builder, 3))
                .containsExactly(
                        "build-kernel: unpacking " + SOURCE + "_5.10.0-1_all.deb",
                        "build-kernel: the disk is full: --clean empties "
                                + folder.toRealPath().resolve("k") + ", or name a folder on another");
        Files.writeString(tar, Files.readString(tar).replace("No space left on device", "no idea"));
        assertThat(said(builder, 3).getLast())
                .endsWith("_5.10.0-1_all.deb cannot be unpacked (tar: a: Cannot write: no idea): remove it to fetch it"
                        + " again");
        assertThat(build().status()).isZero();
    }

    private List<String> said(ProcessBuilder builder, int status) throws Exception {
        Path err = folder.resolve("stderr");
        Process process = builder.redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(status);
        return Files.readAllLines(err);
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
