package org.cowbench.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Changes something on this machine for as long as it is open, and undoes it however this JVM ends: a shell waits at the
 * other end of a pipe, which closes with the JVM even when that is killed outright.
 */
public final class Guardian implements AutoCloseable {
    private static final Set<Long> SHELLS = ConcurrentHashMap.newKeySet();

    private final Process shell;
    private final BufferedReader output;
    private final String what;

    private Guardian(Process shell, BufferedReader output, String what) {
        this.shell = shell;
        this.output = output;
        this.what = what;
    }

    /**
     * Makes a change.
     *
     * @param script shell functions {@code make}, which fails with a message on standard error if it cannot, and
     *     {@code undo}, which also undoes half a {@code make}, and fails likewise
     * @param what names the change in messages
     * @param arguments the script's {@code $1} and so on
     * @return to be closed when the change is to be undone
     * @throws KernelException if the change cannot be made
     */
    public static Guardian make(String script, String what, String... arguments) {
        // Signals of the terminal go to the whole process group; the shell waits for the JVM's own end instead, after
        // which nobody reads what it says.
        String program = "trap '' INT TERM HUP QUIT PIPE\n" + script
                + "\nif make \"$@\"; then echo ready; else undo \"$@\"; exit 1; fi\nread -r line\nundo \"$@\"\n";
        List<String> command = new ArrayList<>(List.of("sh", "-c", program, "cowbench-guardian"));
        command.addAll(List.of(arguments));
        try {
            Process shell =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            SHELLS.add(shell.pid());
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
            List<String> said = new ArrayList<>();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals("ready")) {
                    return new Guardian(shell, output, what);
                }
                said.add(line);
            }
            throw new KernelException(KernelException.Kind.LACKS, what + " failed: " + String.join("; ", said));
        } catch (IOException e) {
            throw new KernelException(KernelException.Kind.LACKS, what + " failed: " + e.getMessage(), "", e);
        }
    }

    /**
     * Tells whether a process is the shell of a guardian, which whoever ends this JVM's children must leave alone.
     *
     * @param process a child of this JVM
     * @return whether it undoes a change
     */
    public static boolean is(ProcessHandle process) {
        return SHELLS.contains(process.pid());
    }

    /**
     * Undoes the change; a second time it does nothing.
     *
     * @throws KernelException if it cannot be undone
     */
    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            List<String> said = output.readAllLines();
            if (shell.waitFor() != 0) {
                throw new KernelException(
                        KernelException.Kind.LACKS, "undoing " + what + " failed: " + String.join("; ", said));
            }
        } catch (IOException e) {
            throw new KernelException(
                    KernelException.Kind.LACKS, "undoing " + what + " failed: " + e.getMessage(), "", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
