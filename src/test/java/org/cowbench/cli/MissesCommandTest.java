package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code misses} does not take; what it counts is held by {@code MissCounterTest} and {@code CostGuideTest}. */
class MissesCommandTest {

    private static void refused(String message, String... options) {
        String[] words = new String[options.length + 1];
        words[0] = "misses";
        System.arraycopy(options, 0, words, 1, options.length);
        CommandLines.Ran ran = CommandLines.run(words);
        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.err().lines())
                .singleElement()
                .asString()
                .contains(message)
                .endsWith("(see run-bench.sh misses --help)");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void sizesThatAreNone() {
        refused("'2X' is no size: write a number and K, M or G, such as 2M", "--caches", "2X");
        refused("'0K' is no size", "--caches", "0K");
        refused("cache sizes [2097152, 1048576] must rise", "--caches", "2M,1M");
        refused("numbers of TLB entries [0] must rise", "--tlb", "0");
        refused("'many'", "--tlb", "many");
    }

    @Test
    void sizesAreInBytes() throws Exception {
        MissesCommand.SizeConverter sizes = new MissesCommand.SizeConverter();
        assertThat(sizes.convert("48K")).isEqualTo(48L << 10);
        assertThat(sizes.convert("2M")).isEqualTo(2L << 20);
        assertThat(sizes.convert("3G")).isEqualTo(3L << 30);
    }
}
