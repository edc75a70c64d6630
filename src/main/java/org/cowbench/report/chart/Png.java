package org.cowbench.report.chart;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Color;
import java.awt.Component;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Draws a finished SVG into pixels with Java2D. */
public final class Png {

    /** Pixels of the PNG for one pixel of the SVG, so that small labels stay sharp; 1 where that makes a large file. */
    public static final double SCALE = 1.5;

    /** A file under version control and in a mail archive should not be larger, in bytes. */
    static final int LIMIT = 100_000;

    private static final int MOST_COLOURS = 256;
    private static final int LEAST_COLOURS = 16;
    private static final Pattern COLOUR = Pattern.compile("\"#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\"");

    private Png() {}

    /**
     * Draws a document.
     *
     * @param svg the document
     * @return a PNG file, {@link #SCALE} times as wide and as high as the document, or as large as the document
     * @throws NoFontsException if this machine has no fonts or no font library
     */
    public static byte[] of(Svg svg) throws NoFontsException {
        byte[] file = of(svg, SCALE);
        return file.length < LIMIT ? file : of(svg, 1);
    }

    private static byte[] of(Svg svg, double scale) throws NoFontsException {
        int width = (int) Math.ceil(svg.width() * scale);
        int height = (int) Math.ceil(svg.height() * scale);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        try {
            SVGDocument document = new SVGLoader()
                    .load(
                            new ByteArrayInputStream(svg.toString().getBytes(StandardCharsets.UTF_8)),
                            null,
                            LoaderContext.createDefault());
            if (document == null) {
                throw new IllegalStateException("the SVG of " + svg.id() + " cannot be read back");
            }
            Graphics2D graphics = image.createGraphics();
            try {
                graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
                graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
                graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
                graphics.setRenderingHint(
                        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
                // The scaled canvas may end inside a pixel.
                graphics.setColor(Color.WHITE);
                graphics.fillRect(0, 0, width, height);
                ViewBox canvas = new ViewBox(0, 0, (float) (svg.width() * scale), (float) (svg.height() * scale));
                document.render((Component) null, graphics, canvas);
            } finally {
                graphics.dispose();
            }
            Set<Integer> named = namedColours(svg.toString());
            byte[] file = encode(indexed(image, named, MOST_COLOURS));
            // Fewer shades of smoothed edges cost nothing that an eye would miss, and half of the bytes.
            for (int colours = MOST_COLOURS / 2; file.length >= LIMIT && colours >= LEAST_COLOURS; colours /= 2) {
                file = encode(indexed(image, named, colours));
            }
            return file;
        } catch (LinkageError | InternalError e) {
            // libfreetype or libfontconfig missing, or installed without a font; later calls fail in class loading.
            throw new NoFontsException(e);
        } catch (NullPointerException | IllegalArgumentException e) {
            if (fromFonts(e)) {
                throw new NoFontsException(e);
            }
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
    }

    /** The colours a document names: a reader must find exactly these, however few pixels show them. */
    private static Set<Integer> namedColours(String svg) {
        Set<Integer> colours = new LinkedHashSet<>();
        Matcher matcher = COLOUR.matcher(svg);
        while (matcher.find()) {
            String digits = matcher.group(1);
            colours.add(Integer.parseInt(digits.length() == 3 ? digits.replaceAll("(.)", "$1$1") : digits, 16));
        }
        return colours;
    }

    /** The same picture in the named and the most frequent colours, rarer ones replaced by the nearest of these. */
    private static BufferedImage indexed(BufferedImage image, Set<Integer> named, int colours) {
        int width = image.getWidth();
        int height = image.getHeight();
        int[] pixels = image.getRGB(0, 0, width, height, null, 0, width);
        Map<Integer, Integer> counts = new HashMap<>();
        for (int pixel : pixels) {
            counts.merge(pixel & 0xFFFFFF, 1, Integer::sum);
        }
        Stream<Integer> frequent = counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
        int[] palette = Stream.concat(named.stream(), frequent)
                .distinct()
                .limit(Math.min(MOST_COLOURS, named.size() + colours))
                .mapToInt(Integer::intValue)
                .toArray();
        IndexColorModel model = new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, model);
        Map<Integer, Integer> nearest = new HashMap<>();
        int[] indices = new int[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            indices[i] = nearest.computeIfAbsent(pixels[i] & 0xFFFFFF, colour -> nearest(palette, colour));
        }
        result.getRaster().setSamples(0, 0, width, height, 0, indices);
        return result;
    }

    private static int nearest(int[] palette, int colour) {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < palette.length; i++) {
            int distance = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                int difference = (palette[i] >> shift & 0xFF) - (colour >> shift & 0xFF);
                distance += difference * difference;
            }
            if (distance < least) {
                least = distance;
                best = i;
            }
        }
        return best;
    }

    private static byte[] encode(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            param.setCompressionQuality(0);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static boolean fromFonts(RuntimeException e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getClassName().startsWith("sun.font.")
                    || frame.getClassName().startsWith("sun.awt.Font")) {
                return true;
            }
        }
        return false;
    }

    /** Java2D cannot draw text here. */
    public static final class NoFontsException extends Exception {

        private static final long serialVersionUID = 1;

        /**
         * Creates the exception.
         *
         * @param cause what Java2D said
         */
        public NoFontsException(Throwable cause) {
            super("no fonts for PNG: install fontconfig and fonts-dejavu-core", cause);
        }
    }
}
