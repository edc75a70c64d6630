package org.cowbench.kernel.app;

import java.util.List;
import java.util.Optional;

/** The programs that can be put under load. */
public final class Apps {
    /** All of them. */
    public static final List<App> ALL = List.of(new RedisApp());

    private Apps() {}

    /**
     * Finds a program.
     *
     * @param name its name
     * @return empty when there is none of that name
     */
    public static Optional<App> of(String name) {
        return ALL.stream().filter(app -> app.name().equals(name)).findFirst();
    }
}
