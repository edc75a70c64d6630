package org.cowbench.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads one of an enum's constants as users type it, in lower case, and names the one that was meant.
 *
 * @param <E> the enum
 */
class WordConverter<E extends Enum<E>> implements ITypeConverter<E> {
    private final E[] constants;

    /**
     * Reads constants of an enum.
     *
     * @param type the enum
     */
    WordConverter(Class<E> type) {
        constants = type.getEnumConstants();
    }

    @Override
    public E convert(String word) {
        for (E constant : constants) {
            if (constant.name().equalsIgnoreCase(word)) {
                return constant;
            }
        }
        List<String> words = Arrays.stream(constants)
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList();
        throw new TypeConversionException("it is one of " + String.join(", ", words) + ", not '" + word + "'"
                + Nearest.to(word, words)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(""));
    }
}
