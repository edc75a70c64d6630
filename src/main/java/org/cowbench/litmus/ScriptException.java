package org.cowbench.litmus;

/** A script that cannot be read; the message is one line that names file, line and what was expected. */
public final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the message.
     *
     * @param file the file
     * @param line the line, from 1
     * @param problem what was found and what was expected
     */
    public ScriptException(String file, int line, String problem) {
        super(file + ":" + line + ": " + problem);
    }
}
