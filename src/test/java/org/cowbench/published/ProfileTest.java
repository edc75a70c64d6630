package org.cowbench.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTest {

    private static List<String> good() {
        return new ArrayList<>(Arrays.stream(Price.values())
                .map(price -> price + " = " + (price.ordinal() + 1) + ", a test, of " + price)
                .toList());
    }

    private static void refused(List<String> lines, String message) {
        assertThatExceptionOfType(ProfileException.class)
                .isThrownBy(() -> Profile.parse("mine", "mine.txt", lines))
                .withMessage(message);
    }

    @Test
    void everyPriceHasItsNumberAndItsSource() {
        List<String> lines = good();
        lines.addFirst("# a remark");
        lines.add("");
        Profile profile = Profile.parse("mine", "mine.txt", lines);
        for (Price price : Price.values()) {
            assertThat(profile.nanos(price)).isEqualTo(price.ordinal() + 1);
            assertThat(profile.source(price)).isEqualTo("a test, of " + price);
        }
    }

    @Test
    void whatIsWrongIsSaidInOneLine() {
        List<String> typo = good();
        typo.set(Price.COPY.ordinal(), "copi = 3, a test");
        refused(
                typo,
                "mine.txt:7: unknown price 'copi'; expected one of request, access, minor, major, read, write, copy,"
                        + " zero, drain, flush, entry");
        List<String> missing = good();
        missing.removeIf(line -> line.startsWith("zero") || line.startsWith("drain"));
        refused(missing, "mine.txt has no price of zero, drain");
        List<String> twice = good();
        twice.add("copy = 3, another");
        refused(twice, "mine.txt:12: a second price of 'copy'");
        List<String> bare = good();
        bare.set(0, "request = 3");
        refused(bare, "mine.txt:1: request has no source; expected it behind a comma");
        bare.set(0, "request = 3, ");
        refused(bare, "mine.txt:1: request has no source; expected it behind a comma");
        for (String number : List.of("-1", "fast", "NaN", "Infinity", "")) {
            List<String> wrong = good();
            wrong.set(1, "access = " + number + ", a test");
            refused(wrong, "mine.txt:2: access = '" + number + "'; expected nanoseconds, 0 or more");
        }
        List<String> words = good();
        words.set(2, "minor 3");
        refused(words, "mine.txt:3: 'minor 3'; expected 'NAME = NANOSECONDS, SOURCE'");
    }

    @Test
    void aFileThatCannotBeReadIsSaid(@TempDir Path folder) throws IOException {
        assertThatExceptionOfType(ProfileException.class)
                .isThrownBy(() -> Profile.read("nvm"))
                .withMessage("no profile 'nvm': neither one of nvme, pmem, zram nor a file");
        Path noText = Files.write(folder.resolve("x"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThatExceptionOfType(ProfileException.class)
                .isThrownBy(() -> Profile.read(noText.toString()))
                .withMessage(noText + " is no text");
        assertThatExceptionOfType(ProfileException.class)
                .isThrownBy(() -> Profile.read(folder.toString()))
                .withMessageStartingWith("cannot read " + folder);
    }

    /** Results that sources name are there. */
    @Test
    void shippedProfilesAreWhole() {
        assertThat(Profile.SHIPPED).hasSize(3).allSatisfy(name -> {
            Profile profile = Profile.read(name);
            assertThat(profile.name()).isEqualTo(name);
            for (Price price : Price.values()) {
                for (String word : profile.source(price).split("[ ,:()]+")) {
                    if (word.startsWith("results/")) {
                        assertThat(Path.of(word)).as("%s of %s", price, name).isDirectory();
                    }
                }
            }
        });
    }
}
