package org.cowbench.report.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.cowbench.golden.Golden;
import org.cowbench.policy.Policy;
import org.cowbench.report.chart.Figure;
import org.cowbench.report.chart.Png;
import org.cowbench.report.chart.Svg;
import org.cowbench.report.text.Wording;
import org.cowbench.result.ResultDirectory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

class PlotsTest {

    private static final int LIMIT = 100_000;

    @TempDir
    Path directory;

    /** Of all policies; drawn once for all tests that only look at them. */
    private static List<Svg> full;

    static List<Svg> pictures(RunView run) {
        return Plots.figures(run).stream().map(Figure::draw).toList();
    }

    private static List<Svg> full() {
        if (full == null) {
            full = pictures(SyntheticRun.full());
        }
        return full;
    }

    @Test
    void everyPlotMatchesItsGoldenFile() throws IOException {
        for (Svg svg : pictures(SyntheticRun.small(3))) {
            Golden.check("report/" + svg.id() + ".svg", svg.toString());
        }
    }

    @Test
    void fullRunsGiveAllPlots() {
        assertThat(full())
                .extracting(Svg::id)
                .containsExactly(
                        "cost-writeafterread-l2",
                        "cost-writeafterread-dram",
                        "cost-churn-run",
                        "scores-ns-op",
                        "percentiles-writeafterread-l2",
                        "percentiles-writeafterread-dram",
                        "histogram-writeafterread-l2",
                        "histogram-writeafterread-dram",
                        "counters-churn-run");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tr-TR", "de-DE", "ar-EG-u-nu-arab", "en-US"})
    @Tag("slow")
    void bytesDependOnTheDataAlone(String locale) {
        List<String> expected =
                pictures(SyntheticRun.full()).stream().map(Svg::toString).toList();
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag(locale));
            assertThat(pictures(SyntheticRun.full()).stream().map(Svg::toString).toList())
                    .isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void allPoliciesFitInSmallWellFormedFilesOfRealText() throws Exception {
        for (Svg svg : full()) {
            byte[] bytes = svg.toString().getBytes(StandardCharsets.UTF_8);
            assertThat(bytes.length).as(svg.id()).isLessThan(LIMIT);
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(bytes));
            Set<String> texts = new HashSet<>();
            for (int i = 0; i < document.getElementsByTagName("text").getLength(); i++) {
                texts.add(document.getElementsByTagName("text").item(i).getTextContent());
            }
            if (!svg.id().startsWith("histogram") && !svg.id().startsWith("scores")) {
                assertThat(texts.stream().map(text -> text.replace(Wording.MARK, "")))
                        .contains(Policy.shipped().stream().map(Policy::id).toArray(String[]::new));
            }
            assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
                    .isNotBlank();
            assertThat(svg.toString())
                    .doesNotContain("href")
                    .doesNotContain("url(")
                    .doesNotContain("NaN");
        }
    }

    @Tag("slow")
    @Test
    void labelsNeitherOverlapNorLeaveTheCanvas() {
        List<Svg> all = new ArrayList<>(full());
        all.addAll(pictures(SyntheticRun.small(1)));
        for (Figure figure : Plots.figures(SyntheticRun.full())) {
            all.addAll(figure.parts());
            figure.key().ifPresent(all::add);
        }
        for (Svg svg : all) {
            List<Svg.TextBox> boxes = svg.textBoxes();
            for (int i = 0; i < boxes.size(); i++) {
                Svg.TextBox box = boxes.get(i);
                assertThat(box.left() >= 0
                                && box.top() >= 0
                                && box.right() <= svg.width()
                                && box.bottom() <= svg.height())
                        .as("%s: %s inside", svg.id(), box)
                        .isTrue();
                for (Svg.TextBox other : boxes.subList(0, i)) {
                    assertThat(box.overlaps(other))
                            .as("%s: %s over %s", svg.id(), box, other)
                            .isFalse();
                }
            }
        }
    }

    private static final Pattern TICK = Pattern.compile("[0-9.]+[kMGTP]?( %)?");

    /** An axis with one or two numbers on it is read wrong. */
    @Test
    void everyHorizontalAxisOfNumbersHasThreeLabels() {
        int axes = 0;
        for (Figure figure : Plots.figures(SyntheticRun.full())) {
            for (Svg part : figure.parts()) {
                // Under the panel stand one line of labels and the name of the axis.
                Svg.TextBox name = part.textBoxes().stream()
                        .max(Comparator.comparingDouble(Svg.TextBox::bottom))
                        .orElseThrow();
                double line = part.textBoxes().stream()
                        .filter(box -> box.bottom() < name.top() + 1)
                        .mapToDouble(Svg.TextBox::bottom)
                        .max()
                        .orElseThrow();
                assertThat(part.textBoxes().stream().filter(box -> Math.abs(box.bottom() - line) < 0.5))
                        .as("%s: %s", part.id(), name.text())
                        .hasSizeGreaterThanOrEqualTo(3)
                        .allSatisfy(box -> assertThat(box.text()).matches(TICK));
                axes++;
            }
        }
        assertThat(axes).isGreaterThan(50);
    }

    /** A clock that steps by 20 ns, over a batch of 16, knows 1.25 ns: finer bins are full and empty in turn. */
    @ParameterizedTest
    @ValueSource(doubles = {0.6, 1.25, 2})
    void binsAreNoFinerThanTheClock(double step) {
        Histogram stepped = new Histogram(1, 10_000_000_000_000L, 3);
        Histogram smooth = new Histogram(1, 10_000_000_000_000L, 3);
        for (int i = 0; i < 20_000; i++) {
            double nanos = 10 + 12 * ((i * 0.618034) % 1);
            smooth.recordValue((long) (nanos * 1000));
            stepped.recordValue((long) (Math.rint(nanos / step) * step * 1000));
        }
        assertThat(OverlayPlot.withoutComb(smooth, 30, 100))
                .as("nothing to coarsen")
                .isEqualTo(100);
        double perDecade = OverlayPlot.withoutComb(stepped, 30, 100);
        assertThat(16 * (Math.pow(10, 1 / perDecade) - 1))
                .as("width of a bin at the median")
                .isGreaterThanOrEqualTo(step);
        OverlayPlot.Bins bins = OverlayPlot.Bins.of(stepped, 30, perDecade);
        for (int bin = bins.first(); bin < bins.last(); bin++) {
            assertThat(bins.share(bin))
                    .as("bin %d of %s a decade", bin, perDecade)
                    .isPositive();
        }
    }

    @Test
    @Tag("slow")
    void pngShowsTheSamePicture() throws Exception {
        for (Svg svg : full()) {
            byte[] png = Png.of(svg);
            assertThat(png.length).as(svg.id()).isLessThan(LIMIT);
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
            double scale = image.getWidth() == (int) svg.width() ? 1 : Png.SCALE;
            assertThat(image.getWidth()).isEqualTo((int) Math.ceil(svg.width() * scale));
            assertThat(image.getHeight()).isEqualTo((int) Math.ceil(svg.height() * scale));
            int inked = 0;
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    inked += (image.getRGB(x, y) & 0xFFFFFF) != 0xFFFFFF ? 1 : 0;
                }
            }
            double share = (double) inked / image.getWidth() / image.getHeight();
            assertThat(share).as("inked share of %s", svg.id()).isBetween(0.02, 0.5);
            assertThat(titleIsDrawn(image, scale))
                    .as("text of %s is drawn", svg.id())
                    .isTrue();
        }
    }

    /** The title's line holds dark pixels, so glyphs were drawn and not only lines and boxes. */
    private static boolean titleIsDrawn(BufferedImage image, double scale) {
        int dark = 0;
        for (int y = 0; y < 30 * scale; y++) {
            for (int x = 0; x < 300 * scale; x++) {
                dark += (image.getRGB(x, y) & 0xFF) < 0x60 ? 1 : 0;
            }
        }
        return dark > 300;
    }

    /** Intervals of wild forks end in arrows at the edge, instead of squeezing all forks into a corner. */
    @Test
    void theAxisOfCostsFollowsTheForks() {
        Svg svg = pictures(SyntheticRun.wild()).getFirst();
        assertThat(svg.id()).isEqualTo("cost-writeafterread-dram");
        assertThat(svg.toString()).contains("m4-3l-4 3l4 3").contains("m-4-3l4 3l-4 3");
        assertThat(full().getFirst().toString()).doesNotContain("m4-3l-4 3l4 3");
    }

    @Test
    @Tag("slow")
    void aResultDirectoryIsDrawnIntoFiles() throws IOException {
        ResultDirectory result = ResultDirectory.read(SyntheticRun.write(directory.resolve("results"), "run"));
        List<String> warnings = new ArrayList<>();
        Path plots = directory.resolve("plots/run");
        List<Path> files = Plots.draw(result, plots, warnings::add);
        assertThat(warnings).isEmpty();
        // Nine pictures, each as SVG and PNG, and the page that shows them.
        assertThat(files).hasSize(19).contains(plots.resolve("index.html")).allSatisfy(file -> assertThat(file)
                .exists());
        try (Stream<Path> entries = Files.list(plots)) {
            assertThat(entries).containsExactlyInAnyOrderElementsOf(files);
        }
    }

    /** Another project's file may hold thousands of rows: pictures show some and say so, the page's tables hold all. */
    @Test
    @Tag("slow")
    void thousandsOfRowsAreLeftToTheTables() throws IOException {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < 3000; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"benchmark\":\"a.B.m")
                    .append(i % 30)
                    .append("\",\"mode\":\"avgt\",\"params\":{\"n\":\"")
                    .append(i / 30)
                    .append("\"},\"primaryMetric\":{\"scoreUnit\":\"")
                    .append(i % 30 < 15 ? "ns" : "us")
                    .append("/op\",\"rawData\":[[")
                    .append(100 + i % 7)
                    .append("],[102]]}}");
        }
        ResultDirectory result =
                ResultDirectory.read(Files.writeString(directory.resolve("many.json"), json.append("]")));
        List<Figure> figures = Plots.figures(RunView.of(result));
        assertThat(figures).extracting(Figure::id).containsExactly("scores-ns-op", "scores-us-op");
        assertThat(figures).allSatisfy(figure -> {
            assertThat(figure.notes()).anyMatch(note -> note.contains("Shown are the first 120 of 1500 rows"));
            assertThat(figure.draw().toString().length()).isLessThan(LIMIT);
        });
        assertThat(RunPageTest.page(result).tables("Scores (").stream()
                        .mapToInt(table -> table.rows().size())
                        .sum())
                .isEqualTo(3000);
    }

    @Test
    void aResultWithoutABenchmarkGivesAPageThatSaysSo() throws IOException {
        ResultDirectory result = ResultDirectory.read(Files.writeString(directory.resolve("empty.json"), "[]"));
        List<Path> files = Plots.draw(result, directory.resolve("plots"), warning -> {});
        assertThat(files).containsExactly(directory.resolve("plots/index.html"));
        assertThat(Files.readString(files.getFirst())).contains("Nothing to draw");
    }
}
