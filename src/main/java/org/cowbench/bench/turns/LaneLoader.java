package org.cowbench.bench.turns;

import java.io.IOException;
import java.io.InputStream;

/**
 * Loads cowbench's classes anew, so that what a lane runs is compiled for that lane alone. The classes of this package
 * are the exception: they are the border between lanes and the rest.
 */
final class LaneLoader extends ClassLoader {
    private static final String OURS = "org.cowbench.";
    private static final String BORDER = LaneLoader.class.getPackageName() + ".";

    LaneLoader(ClassLoader parent) {
        super(parent);
    }

    /**
     * Makes a lane in a loader of its own.
     *
     * @param implementation name of a class with a public constructor without parameters
     * @return the lane
     */
    static Lane lane(String implementation) {
        try {
            return (Lane) new LaneLoader(LaneLoader.class.getClassLoader())
                    .loadClass(implementation)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no lane " + implementation, e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || name.startsWith(BORDER)) {
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
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
