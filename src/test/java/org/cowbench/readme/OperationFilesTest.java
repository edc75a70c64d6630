package org.cowbench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** CONTRIBUTING counts the files that an operation costs: {@code dio}, which a kernel may lack, costs all of them. */
class OperationFilesTest {
    private static final Pattern NAMES_IT = Pattern.compile("\\bDIO\\b|\"dio\"|_dio\\b|\\bint directRead\\(");

    @Test
    void anOperationIsInFourFilesOfTheProgramAndAFifthWhereAKernelMayLackIt() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            List<String> found = files.filter(file -> file.toString().matches(".*\\.(java|c|h)"))
                    .filter(file -> NAMES_IT.matcher(Documents.text(file)).find())
                    .map(file -> file.getFileName().toString())
                    .toList();
            assertThat(found)
                    .containsExactlyInAnyOrder("Op.java", "Machine.java", "Gup.java", "operations.c", "Exclusion.java")
                    .filteredOn(name -> !name.equals("Gup.java"))
                    .allSatisfy(name -> assertThat(Documents.text(Path.of("CONTRIBUTING.md")))
                            .contains("`" + name.replace(".java", "") + "`"));
        }
    }
}
