package org.cowbench.published;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What things cost on a machine with one kind of swap device.
 *
 * <p>A file has a line a price, {@code copy = 290, where that is from}: nanoseconds, then the source. Empty lines, and
 * those that begin with {@code #}, are for people. Each price must be there once.
 *
 * @param name what it is called, in reports
 * @param nanos nanoseconds by price, all of them
 * @param sources where each is from
 */
public record Profile(String name, Map<Price, Double> nanos, Map<Price, String> sources) {
    /** The profiles that come along, by name. */
    public static final List<String> SHIPPED = List.of("nvme", "pmem", "zram");

    /** Checks and copies. */
    public Profile {
        nanos = Map.copyOf(nanos);
        sources = Map.copyOf(sources);
        if (nanos.size() != Price.values().length || !sources.keySet().equals(nanos.keySet())) {
            throw new IllegalArgumentException("profile " + name + " has not every price with a source");
        }
    }

    /**
     * A profile that comes along.
     *
     * @param name one of {@link #SHIPPED}
     * @return the profile
     */
    public static Profile shipped(String name) {
        String file = name + ".properties";
        try (InputStream in = Profile.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IOException(file + " is not in the jar: build it again");
            }
            return parse(
                    name,
                    file,
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /**
     * Reads what a user named.
     *
     * @param given one of {@link #SHIPPED}, or the path of a file
     * @return the profile
     * @throws ProfileException if there is none, it cannot be read, or something in it is wrong
     */
    public static Profile read(String given) {
        if (SHIPPED.contains(given)) {
            return shipped(given);
        }
        Path file = Path.of(given);
        if (!Files.exists(file)) {
            throw new ProfileException(
                    "no profile '" + given + "': neither one of " + String.join(", ", SHIPPED) + " nor a file");
        }
        try {
            return parse(given, given, Files.readAllLines(file));
        } catch (CharacterCodingException e) {
            throw new ProfileException(given + " is no text");
        } catch (IOException e) {
            throw new ProfileException("cannot read " + given + ": " + e.getMessage());
        }
    }

    /**
     * Reads lines.
     *
     * @param name what the profile is called
     * @param file what errors call it
     * @param lines its lines
     * @return the profile
     * @throws ProfileException if something in them is wrong
     */
    static Profile parse(String name, String file, List<String> lines) {
        Map<Price, Double> nanos = new EnumMap<>(Price.class);
        Map<Price, String> sources = new EnumMap<>(Price.class);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = file + ":" + (i + 1) + ": ";
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new ProfileException(where + "'" + line + "'; expected 'NAME = NANOSECONDS, SOURCE'");
            }
            String word = line.substring(0, equals).strip();
            String[] parts = line.substring(equals + 1).strip().split("\\s*,\\s*", 2);
            Price price = Price.of(word)
                    .orElseThrow(() -> new ProfileException(
                            where + "unknown price '" + word + "'; expected one of " + Price.all()));
            if (nanos.put(price, number(where + word, parts[0])) != null) {
                throw new ProfileException(where + "a second price of '" + word + "'");
            }
            if (parts.length < 2 || parts[1].isBlank()) {
                throw new ProfileException(where + word + " has no source; expected it behind a comma");
            }
            sources.put(price, parts[1]);
        }
        String missing = Arrays.stream(Price.values())
                .filter(price -> !nanos.containsKey(price))
                .map(Price::toString)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new ProfileException(file + " has no price of " + missing);
        }
        return new Profile(name, nanos, sources);
    }

    private static double number(String where, String text) {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new ProfileException(where + " = '" + text + "'; expected nanoseconds, 0 or more");
        }
        return value;
    }

    /**
     * A price.
     *
     * @return nanoseconds
     */
    public double nanos(Price price) {
        return Objects.requireNonNull(nanos.get(price));
    }

    /**
     * Where a price is from.
     *
     * @return as the file says it
     */
    public String source(Price price) {
        return Objects.requireNonNull(sources.get(price));
    }
}
