package org.cowbench.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds commits of a small repository whose build copies a file. */
@Tag("slow")
class AbBuildTest {

    @TempDir
    Path home;

    private final List<String> said = new ArrayList<>();

    private String git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-C",
                home.toString(),
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org",
                "-c",
                "commit.gpgsign=false"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes()).strip();
        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
        return output;
    }

    private void commit(String content, String script) throws IOException, InterruptedException {
        Files.writeString(home.resolve("content"), content);
        Path file = Files.writeString(home.resolve("run-bench.sh"), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        git("add", "content", "run-bench.sh");
        git("commit", "-q", "-m", content);
    }

    @BeforeEach
    void repository() throws IOException, InterruptedException {
        git("init", "-q", "-b", "main");
        Files.writeString(home.resolve(".gitignore"), "target/\n");
        git("add", ".gitignore");
        commit("one", "mkdir -p target && cp content target/benchmarks.jar");
        commit("two", "mkdir -p target && cp content target/benchmarks.jar");
    }

    private AbBuild build() {
        return new AbBuild(home, said::add);
    }

    @Test
    void eachCommitIsBuiltOnceInItsOwnTree() throws Exception {
        AbBuild.Built two = build().build("HEAD");
        AbBuild.Built one = build().build("HEAD~1");
        assertThat(one.jar()).hasContent("one");
        assertThat(two.jar()).hasContent("two");
        assertThat(two.revision().commit()).isEqualTo(git("rev-parse", "HEAD"));
        assertThat(said).hasSize(2);
        build().build("main");
        assertThat(said).as("built before").hasSize(2);
        assertThat(git("worktree", "list").lines()).as("no worktree is left").hasSize(1);
        assertThat(git("status", "--porcelain")).isEmpty();
    }

    @Test
    void theSourcesAsTheyAre() throws Exception {
        assertThatThrownBy(() -> build().build("."))
                .isInstanceOf(AbException.class)
                .hasMessageContaining("run-bench.sh");
        Files.createDirectories(home.resolve("target"));
        Files.writeString(home.resolve("target").resolve("benchmarks.jar"), "here");
        assertThat(build().build(".").revision().dirty()).isFalse();
        Files.writeString(home.resolve("run-bench.sh"), "# changed");
        assertThat(build().build(".").revision().dirty()).isTrue();
    }

    @Test
    void whatDoesNotBuildIsSaidInOneLine() throws Exception {
        assertThat(build().commit("nonsense")).isEmpty();
        assertThat(build().commit("--exec=true")).isEmpty();
        assertThat(build().commit("HEAD")).contains(git("rev-parse", "HEAD"));
        assertThatThrownBy(() -> build().build("nonsense"))
                .isInstanceOf(AbException.class)
                .hasMessage("git knows no commit 'nonsense'");
        commit("four", "true");
        assertThatThrownBy(() -> build().build("HEAD"))
                .isInstanceOf(AbException.class)
                .hasMessageContaining("too old for ab");
        git("rm", "-q", "run-bench.sh");
        git("commit", "-q", "-m", "five");
        assertThatThrownBy(() -> build().build("HEAD"))
                .isInstanceOf(AbException.class)
                .hasMessageContaining("HEAD has no run-bench.sh");
        nothingIsLeft();
        Files.move(home.resolve(".git"), home.resolve("no-git"));
        assertThatThrownBy(() -> build().commit("HEAD"))
                .isInstanceOf(AbException.class)
                .hasMessageContaining("not a git repository");
    }

    @Test
    void theFirstErrorOfTheCompilerIsSaidWithItsPlace() throws Exception {
        commit("three", """
            echo "[WARNING] $PWD/src/main/java/a/A.java:[1,1] [rawtypes] found raw type"
            printf '\\033[0m\\033[0m[ERROR] COMPILATION ERROR : \\n'
            echo "[ERROR] $PWD/src/main/java/a/B.java:[59,22] error: cannot find symbol"
            echo "[ERROR] $PWD/src/main/java/a/C.java:[1,1] error: another"
            exit 1\
            """);
        Path log = home.resolve("target")
                .resolve("ab")
                .resolve("build-" + git("rev-parse", "HEAD").substring(0, 10) + ".log");
        assertThatThrownBy(() -> build().build("HEAD"))
                .isInstanceOf(AbException.class)
                .hasMessage(
                        "HEAD does not build: src/main/java/a/B.java:59: error: cannot find symbol; all of it: " + log);
        assertThat(log).content().contains("another");
        commit("four", "printf '\\033[0m[ERROR] COMPILATION ERROR :\\n[ERROR] warnings found\\n[ERROR]\\n'; exit 1");
        assertThatThrownBy(() -> build().build("HEAD"))
                .isInstanceOf(AbException.class)
                .hasMessageStartingWith("HEAD does not build: [ERROR] warnings found; all of it: ");
        commit(
                "four and a half",
                "echo '[WARNING] /b/C.java:[7,8] [rawtypes] raw'; echo '[ERROR] -Werror specified'; exit 1");
        assertThatThrownBy(() -> build().build("HEAD"))
                .isInstanceOf(AbException.class)
                .hasMessageStartingWith("HEAD does not build: /b/C.java:7: [rawtypes] raw; all of it: ");
        commit("five", "echo a; echo 'cowbench: no mvn'; exit 3");
        assertThatThrownBy(() -> build().build("HEAD"))
                .isInstanceOf(AbException.class)
                .hasMessageStartingWith("HEAD does not build: cowbench: no mvn; all of it: ");
        nothingIsLeft();
    }

    private void nothingIsLeft() throws Exception {
        assertThat(git("worktree", "list").lines()).hasSize(1);
        try (Stream<Path> left = Files.list(home.resolve("target").resolve("ab"))) {
            assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("tree-"));
        }
    }
}
