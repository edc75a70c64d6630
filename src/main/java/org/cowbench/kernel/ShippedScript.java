package org.cowbench.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A shell script that comes with the program, so that it runs from any folder. */
public final class ShippedScript {
    /** What it has started has five seconds to end. */
    private static final long END_SECONDS = 15;

    private ShippedScript() {}

    /**
     * Runs a script, with this process's standard input, output and error.
     *
     * @param scripts its name and those of the files that it reads beside itself
     * @param arguments those of the script
     * @return its exit status; more than 128 if a signal ended it
     * @throws IOException if the script cannot be started
     * @throws InterruptedException if the thread is interrupted; the script is ended
     * @throws KernelException if no temporary folder can be made
     */
    public static int run(List<String> scripts, List<String> arguments) throws IOException, InterruptedException {
        return run(scripts, arguments, ProcessBuilder.Redirect.INHERIT, output -> {});
    }

    /**
     * Runs a script, with this process's standard input and error.
     *
     * @param scripts its name and those of the files that it reads beside itself
     * @param arguments those of the script
     * @param reader reads its standard output, to the end
     * @return its exit status; more than 128 if a signal ended it
     * @throws IOException if the script cannot be started
     * @throws InterruptedException if the thread is interrupted; the script is ended
     * @throws KernelException if no temporary folder can be made
     */
    static int run(List<String> scripts, List<String> arguments, Consumer<InputStream> reader)
            throws IOException, InterruptedException {
        return run(scripts, arguments, ProcessBuilder.Redirect.PIPE, reader);
    }

    private static int run(
            List<String> scripts, List<String> arguments, ProcessBuilder.Redirect output, Consumer<InputStream> reader)
            throws IOException, InterruptedException {
        try (WorkFolder folder = new WorkFolder()) {
            for (String name : scripts) {
                try (InputStream script = ShippedScript.class.getResourceAsStream("/scripts/" + name)) {
                    Files.copy(script, folder.path().resolve(name));
                }
            }
            Path script = folder.path().resolve(scripts.getFirst());
            List<String> command = new ArrayList<>(List.of("sh", script.toString()));
            command.addAll(arguments);
            Process running = folder.own(new ProcessBuilder(command).inheritIO().redirectOutput(output));
            // It puts back what it changed when told to end, which takes it a moment.
            Thread end = new Thread(() -> end(running), "end of " + scripts.getFirst());
            Runtime.getRuntime().addShutdownHook(end);
            try {
                reader.accept(running.getInputStream());
                int status = running.waitFor();
                Runtime.getRuntime().removeShutdownHook(end);
                return status;
            } catch (IllegalStateException shuttingDown) {
                return running.exitValue();
            } finally {
                end(running);
            }
        }
    }

    private static void end(Process running) {
        running.destroy();
        try {
            running.waitFor(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
