package org.cowbench.report.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cowbench.report.chart.Axis;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Png;
import org.cowbench.report.chart.Scale;
import org.cowbench.report.chart.Svg;
import org.cowbench.result.ResultStorageException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageFilesTest {
    @TempDir
    Path directory;

    private static Svg picture(String id) {
        Axis axis = new Axis("ns", Scale.Linear.fromZero(1), false);
        return new Figure(id, "Title", "Description")
                .grid(1, 100, 50)
                .panel("panel", "", axis, axis, panel -> {})
                .draw();
    }

    @Test
    void withoutFontsTheSvgIsStillWritten() {
        List<Svg> pictures = List.of(picture("one"), picture("two"));
        List<String> warnings = new ArrayList<>();
        List<Path> files = PageFiles.write(pictures, directory, warnings::add, svg -> {
            throw new Png.NoFontsException(new InternalError("no head"));
        });
        assertThat(files).hasSameSizeAs(pictures).allSatisfy(file -> assertThat(file.toString())
                .endsWith(".svg"));
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("install fontconfig and fonts-dejavu-core")
                .doesNotContain("\n");
    }

    @Test
    @Tag("slow")
    void aFailureLeavesTheOldFileWhole() throws IOException {
        Svg svg = picture("one");
        PageFiles.write(List.of(svg), directory, warning -> {}, Png::of);
        Path png = directory.resolve(svg.id() + ".png");
        byte[] old = Files.readAllBytes(png);
        assertThatThrownBy(() -> PageFiles.write(List.of(svg), directory, warning -> {}, picture -> {
                    throw new IllegalStateException("broken off");
                }))
                .hasMessage("broken off");
        assertThat(png).hasBinaryContent(old);
    }

    @Test
    void unwritablePlacesAreNamedWithTheRemedy() throws IOException {
        Path file = Files.writeString(directory.resolve("plots"), "not a directory");
        assertThatThrownBy(() -> PageFiles.write(List.of(picture("one")), file.resolve("x"), warning -> {}, Png::of))
                .isInstanceOf(ResultStorageException.class)
                .hasMessageContaining("ot a directory")
                .hasMessageContaining("--plots DIR");
    }
}
