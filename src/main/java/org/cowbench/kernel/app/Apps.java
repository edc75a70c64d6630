package org.cowbench.kernel.app;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The programs that can be put under load. */
public final class Apps {
    /** All of them. */
    public static final List<App> ALL = List.of(new RedisApp(), new MemcachedApp());

    private Apps() {}

    /**
     * What there is, for messages.
     *
     * @return the names
     */
    public static String names() {
        return ALL.stream().map(App::name).collect(Collectors.joining(", "));
    }

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
