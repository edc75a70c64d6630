package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.report.text.TextTable;
import org.junit.jupiter.api.Test;

/** Sums of what was counted. */
class MissTableTest {
    private static final List<String> COLUMNS = List.of("lines>2M", ">32M", "waits>2M");

    private static Map<String, double[]> primitives() {
        Map<String, double[]> primitives = new LinkedHashMap<>();
        for (FaultPath path : MissTable.PATHS) {
            path.parts().forEach(part -> primitives.put(part.primitive(), new double[COLUMNS.size()]));
        }
        primitives.put("freeSwapCold", new double[] {2.5, 0.25, 2});
        primitives.put("pteLookup", new double[] {0.125, 0, 0});
        primitives.put("empty", new double[] {9, 9, 9}); // No part of a fault.
        return primitives;
    }

    private static Map<FaultPath, double[]> faults() {
        Map<FaultPath, double[]> faults = new LinkedHashMap<>();
        MissTable.PATHS.forEach(path -> faults.put(path, new double[] {4, 1.5, 1}));
        return faults;
    }

    @Test
    void whatAFaultMissesMoreThanItsParts() throws IOException {
        StringBuilder out = new StringBuilder();
        MissTable.print(COLUMNS, faults(), primitives(), out);
        FaultPath reuse = MissTable.PATHS.getLast();
        assertThat(reuse.name()).isEqualTo("reuse, in DRAM");
        double loads = reuse.parts().stream()
                .filter(part -> part.primitive().equals("pteLookup"))
                .findFirst()
                .orElseThrow()
                .count();
        assertThat(loads).isEqualTo(11);
        List<String> lines =
                out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertThat(lines)
                .containsSequence(
                        "reuse, in DRAM, v5.18 4.00 1.50 1.00",
                        " 1 freeSwapCold 2.50 0.25 2.00",
                        " 11 pteLookup 0.13 0.00 0.00",
                        " sum 3.88 0.25 2.00",
                        " more than the sum 0.13 1.25 -1.00");
        assertThat(out.toString()).doesNotContain("empty", "lockUnlock");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= TextTable.WIDTH);
    }

    @Test
    void nothingIsLeftOutOfASum() {
        Map<String, double[]> primitives = primitives();
        primitives.remove("freeSwapCold");
        assertThatThrownBy(() -> MissTable.print(COLUMNS, faults(), primitives, new StringBuilder()))
                .hasMessage("freeSwapCold was not counted");
    }
}
