package org.cowbench.cli.option;

import org.cowbench.policy.Policy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Turns a policy's id into the policy. */
public final class PolicyConverter implements ITypeConverter<Policy> {

    /** Made by the command line. */
    public PolicyConverter() {}

    @Override
    public Policy convert(String id) {
        try {
            return Policy.of(id);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
