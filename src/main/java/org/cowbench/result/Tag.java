package org.cowbench.result;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Names of measurements in {@code histograms.hlog}.
 *
 * <p>A tag is {@code Class.method}, then {@code ;name=value} for every parameter in JMH's order as people read it:
 * {@code WriteAfterRead.l2;policy=v5.9;situation=SWAPCACHE}. The log format separates fields by commas and allows no
 * white space in a tag, so those characters become {@code _}.
 */
public final class Tag {
    /** Name of the parameter that names the kernel where a result holds several. */
    public static final String KERNEL_PARAM = "kernel";

    /** Name of the parameter that carries the stream of accesses. */
    public static final String STREAM_PARAM = "stream";

    /** Name of the parameter that names the program that was put under load. */
    public static final String APP_PARAM = "app";

    /** Name of the parameter that names the load that was played on it. */
    public static final String LOAD_PARAM = "load";

    /** Name of the parameter that carries how many frames a machine has. */
    public static final String FRAMES_PARAM = "frames";

    /** Name of the parameter that carries how many processes share them. */
    public static final String PROCESSES_PARAM = "processes";

    /** What would end a line, or the cell of a table. */
    public static final String LINE_BREAKS = "\t\r\n";

    private Tag() {}

    /**
     * Returns the tag of a measurement.
     *
     * @param benchmark {@code Class.method}
     * @param params parameters in JMH's order, as people read them
     * @return the tag
     */
    public static String of(String benchmark, Map<String, String> params) {
        StringBuilder tag = new StringBuilder(benchmark);
        params.forEach((name, value) -> tag.append(';').append(name).append('=').append(value));
        return tag.toString().replaceAll("[,\\s]", "_");
    }

    /**
     * Returns a tag for people: like {@link #of}, but two of them are equal only when names and values are.
     *
     * @param name what the benchmark is called
     * @param params parameters as they are shown
     * @return the tag; what would part it elsewhere is escaped as in a URL
     */
    public static String unique(String name, Map<String, String> params) {
        StringBuilder tag = new StringBuilder(name);
        params.forEach((param, value) -> tag.append(';')
                .append(escaped(param, ",;=" + LINE_BREAKS))
                .append('=')
                .append(escaped(value, ",;" + LINE_BREAKS)));
        return tag.toString();
    }

    /**
     * Returns parameters as people read them, such as {@code size=10 kind=long}; different ones are different texts.
     *
     * @param params parameters as they are shown
     * @param separator what stands between two of them
     * @return the text; only what would read as another parameter is escaped as in a URL
     */
    public static String list(Map<String, String> params, String separator) {
        String apart = separator.substring(0, 1);
        return params.entrySet().stream()
                .map(param -> escaped(param.getKey(), "=" + apart + LINE_BREAKS) + "="
                        + escaped(param.getValue(), (param.getValue().contains("=") ? apart : "") + LINE_BREAKS))
                .collect(Collectors.joining(separator));
    }

    /**
     * Escapes characters as in a URL, so that different texts stay different.
     *
     * @param text any text
     * @param unwanted characters that may not stand in it
     * @return the text with each of them as per cent and two hexadecimal digits, and a per cent that would read so too
     */
    public static String escaped(String text, String unwanted) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean like = c == '%' && text.substring(i + 1).matches("(?s)[0-9A-Fa-f]{2}.*");
            if (like || unwanted.indexOf(c) >= 0) {
                for (byte unit : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(unit));
                }
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
