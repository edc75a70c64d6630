package org.cowbench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cowbench.policy.Policy;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KnownCaseTest {

    /** VerdictsTest holds the files to what the checker finds. */
    @ParameterizedTest
    @MethodSource("org.cowbench.policy.Policy#shipped")
    void declaredCasesAreThoseOfTheCounterexamples(Policy policy) throws IOException {
        Path golden = Path.of("src/test/resources/golden", "check-" + policy.id() + ".txt");
        Set<String> found;
        try (Stream<String> lines = Files.lines(golden)) {
            found = lines.dropWhile(line -> !line.equals("All:"))
                    .skip(1)
                    .map(line -> line.replaceFirst(".* moves: ", ""))
                    .collect(Collectors.toSet());
        }
        assertThat(KnownCase.of(policy)).extracting(KnownCase::title).containsExactlyInAnyOrderElementsOf(found);
    }
}
