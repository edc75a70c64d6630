package org.cowbench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import org.cowbench.published.Profile;
import org.cowbench.published.ProfileException;
import org.cowbench.published.PublishedResult;
import org.cowbench.report.published.PublishedJson;
import org.cowbench.report.published.PublishedTable;
import org.cowbench.result.ResultWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code run --suite published}: nothing is measured, so nothing of what plans a measurement is asked. */
final class PublishedRun {
    /** The options of {@code run} that mean something here. */
    static final Set<String> OPTIONS = Set.of("--suite", "--profile", "--format", "--results", "--label");

    /** What a result of it holds, and nothing else: no price makes a measurement. */
    static final String FILE = "published.json";

    private PublishedRun() {}

    /** How it is printed. */
    enum Format {
        /** For people. */
        TEXT,
        /** For programs. */
        JSON
    }

    /**
     * Does all rows and prints them.
     *
     * @param spec the command, for its streams
     * @param results directory of all results, whence figures of real kernels come
     * @param profile what prices all rates; null for that of each
     * @param format how to print, null for text
     * @param label name of the result directory that keeps the JSON; empty for none
     * @return the exit status
     */
    static int run(CommandSpec spec, Path results, @Nullable String profile, @Nullable Format format, String label) {
        Profile priced = profile == null ? null : read(spec, profile);
        if (!label.isEmpty()) {
            Places.demand(results, label, null);
        }
        PublishedResult result = PublishedResult.of(priced, results);
        if (!label.isEmpty()) {
            ResultWriter writer = ResultWriter.create(results, label);
            writer.writeText(FILE, PublishedJson.of(result));
            spec.commandLine().getErr().println("cowbench: kept in " + writer.finish());
            spec.commandLine().getErr().flush();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (format == Format.JSON) {
            out.print(PublishedJson.of(result));
        } else {
            try {
                PublishedTable.print(result, out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        out.flush();
        return ExitStatus.OK;
    }

    private static Profile read(CommandSpec spec, String profile) {
        try {
            return Profile.read(profile);
        } catch (ProfileException e) {
            throw new ParameterException(spec.commandLine(), "--profile: " + e.getMessage());
        }
    }
}
