package org.cowbench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** The compiler takes what the command line fills in to be filled: what may be missing has to say so itself. */
class OptionsTest {

    @Test
    void whatMayBeMissingIsNullable() {
        List<String> wrong = new ArrayList<>();
        int looked = look(Main.commandLine(), wrong);
        assertThat(wrong).as("@Nullable is missing, or has no meaning").isEmpty();
        assertThat(looked).as("fields that hold an object").isGreaterThan(100);
    }

    private static int look(CommandLine command, List<String> wrong) {
        int looked = 0;
        for (ArgSpec arg : command.getCommandSpec().args()) {
            if (arg.userObject() instanceof Field field
                    && !field.getType().isPrimitive()
                    && field.getType() != Optional.class) {
                looked++;
                boolean missing = arg.defaultValue() == null
                        && arg.initialValue() == null
                        && (!arg.required() || arg.group() != null);
                if (missing != field.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                    wrong.add(command.getCommandSpec().qualifiedName() + ": " + field);
                }
            }
        }
        for (CommandLine sub : command.getSubcommands().values()) {
            looked += look(sub, wrong);
        }
        return looked;
    }
}
