package org.cowbench.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a length of time such as {@code 90s}, {@code 3m} or {@code 1h}; the value is in seconds. */
final class TimeConverter implements ITypeConverter<Double> {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,3})?)([smh])");
    private static final Map<String, Double> SECONDS = Map.of("s", 1.0, "m", 60.0, "h", 3600.0);

    @Override
    public Double convert(String text) {
        Matcher time = TIME.matcher(text);
        double seconds =
                time.matches() ? Double.parseDouble(time.group(1)) * SECONDS.getOrDefault(time.group(2), 0.0) : 0;
        if (!(seconds > 0)) {
            throw new TypeConversionException("'" + text + "' is no time: write a number and s, m or h, such as 3m");
        }
        return seconds;
    }
}
