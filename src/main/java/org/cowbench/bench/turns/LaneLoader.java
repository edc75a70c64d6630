package org.cowbench.bench.turns;

import java.io.IOException;
import java.io.InputStream;

/**
 * Loads cowbench's classes anew, so that what a lane runs is compiled for that lane alone, or can be changed for who
 * counts it. The classes of one package are the exception: they are the border between what is loaded anew and the rest.
 */
public final class LaneLoader extends ClassLoader {
    private static final String OURS = "org.cowbench.";

    private final String border;
    private final Change change;

    /** What is made of the classes. */
    @FunctionalInterface
    public interface Change {
        /**
         * Changes a class.
         *
         * @param name its name
         * @param bytes its class file
         * @return another, or the same
         */
        byte[] of(String name, byte[] bytes);
    }

    LaneLoader(ClassLoader parent) {
        this(parent, LaneLoader.class, (name, bytes) -> bytes);
    }

    private LaneLoader(ClassLoader parent, Class<?> border, Change change) {
        super(parent);
        this.border = border.getPackageName() + ".";
        this.change = change;
    }

    /**
     * Makes a lane in a loader of its own.
     *
     * @param implementation name of a class with a public constructor without parameters
     * @return the lane
     */
    static Lane lane(String implementation) {
        return instance(Lane.class, implementation, new LaneLoader(LaneLoader.class.getClassLoader()));
    }

    /**
     * Makes an object in a loader of its own.
     *
     * @param <T> what it is
     * @param type the same, of the package that is the border
     * @param implementation name of a class with a public constructor without parameters
     * @param change what is made of the classes
     * @return the object
     */
    public static <T> T instance(Class<T> type, String implementation, Change change) {
        return instance(type, implementation, new LaneLoader(type.getClassLoader(), type, change));
    }

    private static <T> T instance(Class<T> type, String implementation, LaneLoader loader) {
        try {
            return type.cast(loader.loadClass(implementation).getConstructor().newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no lane " + implementation, e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.startsWith(border)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = change.of(name, in.readAllBytes());
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
