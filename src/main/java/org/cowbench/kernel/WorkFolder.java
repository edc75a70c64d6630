package org.cowbench.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cowbench.result.Writable;

/**
 * A temporary folder that is removed however the JVM ends, and with it the process that works in it: an emulator would
 * outlive the JVM.
 */
final class WorkFolder implements AutoCloseable {
    private static final String PID = "pid";
    // A number may have got another process meanwhile; a file of this folder on its command line tells. A build puts
    // back
    // what it changed when it is told to end, and has as long for it as from a JVM that lives.
    private static final String SCRIPT = """
        make() { :; }
        works() { grep -qaF "$1/" "/proc/$2/cmdline" 2>/dev/null; }
        undo() {
            if [ -f "$1/pid" ] && read -r pid < "$1/pid" && works "$1" "$pid"; then
                kill "$pid"
                n=0
                while [ $n -lt 150 ] && works "$1" "$pid"; do
                    sleep 0.1
                    n=$((n + 1))
                done
                [ $n -lt 150 ] || kill -9 "$pid"
            fi
            rm -rf "$1"
        }
        """;

    private final Path path;
    private final Guardian guardian;

    WorkFolder() {
        Writable.demandTemporary(System.getenv());
        try {
            path = Files.createTempDirectory("cowbench-");
        } catch (IOException e) {
            throw new KernelException(
                    KernelException.Kind.LACKS,
                    "no temporary folder can be made: " + e.getMessage()
                            + "; make room, or set another place with TMPDIR",
                    "",
                    e);
        }
        guardian = Guardian.make(SCRIPT, "guarding " + path, path.toString());
    }

    /**
     * Where it is.
     *
     * @return the folder
     */
    Path path() {
        return path;
    }

    /**
     * Starts the one process that is not to outlive the folder.
     *
     * @param command its command, with a file of the folder among its words
     * @return the process
     * @throws IOException if it cannot be started
     */
    Process own(ProcessBuilder command) throws IOException {
        Process process = command.start();
        Files.writeString(path.resolve(PID), process.pid() + "\n");
        return process;
    }

    @Override
    public void close() {
        guardian.close();
    }
}
