package org.cowbench.report;

final class HtmlReport {
    private HtmlReport() {}

    static String of(Comparison comparison) {
        return "";
    }
}
