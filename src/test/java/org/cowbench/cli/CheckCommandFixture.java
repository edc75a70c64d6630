package org.cowbench.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** The command, and what it printed. */
abstract class CheckCommandFixture {
    static final String FEW = "--ops=write,read,pageout,drain,fork";

    String out;
    String flowing;
    String err;

    int check(String... args) {
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        String[] all = new String[args.length + 1];
        all[0] = "check";
        System.arraycopy(args, 0, all, 1, args.length);
        int status = Main.commandLine()
                .setOut(new PrintWriter(stdout))
                .setErr(new PrintWriter(stderr))
                .execute(all);
        out = stdout.toString();
        // Without the line breaks inside sentences.
        flowing = out.replaceAll("\\n {2}(?=\\S)", " ");
        err = stderr.toString();
        return status;
    }
}
