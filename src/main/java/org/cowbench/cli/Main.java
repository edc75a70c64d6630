package org.cowbench.cli;

/** Entry point of {@code benchmarks.jar}. */
public final class Main {

    private Main() {}

    /**
     * Runs cowbench.
     *
     * @param args command and options
     */
    public static void main(String[] args) {
        System.out.println("cowbench");
    }
}
