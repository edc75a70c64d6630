package org.cowbench.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A shell script that stands in for the emulator, and what a probe would say in its guest. */
public final class FakeEmulator {
    /** The probe runs. */
    public static final String START = "echo '{\"probe\":\"start\",\"release\":\"5.10.1\",\"version\":\"#1\","
            + "\"reclaim\":true,\"pin\":true,\"dio\":false,\"pinro\":false,\"log\":true}'\n";
    /** {@code A write 0 1} as step 0 of the first script. */
    public static final String WRITE = "echo '{\"file\":\"0\",\"step\":0,\"op\":\"A write 0 1\",\"before\":\"none\","
            + "\"after\":\"present\",\"frame\":\"-\",\"minor\":1,\"major\":0,\"old\":0}'\n";
    /** {@code A read 0} as step 1 of the first script. */
    public static final String READ = "echo '{\"file\":\"0\",\"step\":1,\"op\":\"A read 0\",\"before\":\"present\","
            + "\"after\":\"present\",\"frame\":\"same\",\"minor\":0,\"major\":0,\"value\":1}'\n";
    /** The first script is done. */
    public static final String END = "echo '{\"probe\":\"end\",\"file\":\"0\"}'\n";

    private FakeEmulator() {}

    /**
     * A line of the kernel's log.
     *
     * @param when since when it is there
     * @param text the line
     * @return a command
     */
    public static String log(String when, String text) {
        return "echo '{\"probe\":\"log\",\"when\":\"" + when + "\",\"text\":\"" + text + "\"}'\n";
    }

    /**
     * Writes an emulator that finds the file its guest's console is to go to, makes it, notes its name in the file
     * {@code *.console} beside its own, and then does as it is told.
     *
     * @param file where to
     * @param script what it does; {@code $serial} is the console
     * @return the file
     * @throws IOException if it cannot be written
     */
    public static Path write(Path file, String script) throws IOException {
        Files.writeString(
                file,
                "#!/bin/sh\nfor a; do case $a in file:*) serial=${a#file:};; esac; done\n: > \"$serial\"\n"
                        + "echo \"$serial\" > \"$0.console\"\n" + script);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
