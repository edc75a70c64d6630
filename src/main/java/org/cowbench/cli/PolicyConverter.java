package org.cowbench.cli;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.cowbench.policy.Policy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a policy's id from the command line. */
final class PolicyConverter implements ITypeConverter<Policy> {
    @Override
    public Policy convert(String value) {
        return Arrays.stream(Policy.values())
                .filter(policy -> policy.id().equalsIgnoreCase(value.strip()))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("unknown policy '" + value + "'; known are "
                        + Arrays.stream(Policy.values()).map(Policy::id).collect(Collectors.joining(", "))));
    }
}
