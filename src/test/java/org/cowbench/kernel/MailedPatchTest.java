package org.cowbench.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patches as people have them: in mails, series and mailboxes, with fuzz, or such that do not fit. */
@Tag("slow")
class MailedPatchTest extends BuildKernelFixture {
    private void refused(int status, String message, String... options) throws Exception {
        Files.deleteIfExists(image);
        Ended ended = build(options);
        assertThat(ended.err()).hasSize(1);
        assertThat(ended.err().getFirst()).startsWith("build-kernel: ").contains(message);
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.out()).isEmpty();
        assertThat(image).doesNotExist();
        nothingIsEdited();
    }

    private static String mail(String subject, String headers, String body) {
        return "From: A Hacker <a@example.org>\nSubject: " + subject + "\nMessage-ID: <1@example.org>\n" + headers
                + "\n" + body;
    }

    private static String plainMail(String subject, String diff) {
        return mail(
                subject,
                "",
                "Why this is right.\n\nSigned-off-by: A Hacker <a@example.org>\n---\n mm/memory.c | 2 +-\n\n" + diff
                        + "-- \n2.30.2\n");
    }

    private static String base64(String text) {
        return Base64.getMimeEncoder(76, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(text.getBytes(StandardCharsets.UTF_8))
                + "\n";
    }

    private static String quotedPrintable(String text) {
        // With a soft line break in each line that is long enough, as mailers make them.
        return text.replace("=", "=3D")
                .replace("\t", "=09")
                .replaceAll("(?m)^(.{12})", "$1=\n")
                .replaceAll("(?m) $", "=20");
    }

    private static String envelope(String mail) {
        return "From 0123456789abcdef0123456789abcdef01234567 Mon Sep 17 00:00:00 2001\n" + mail + "\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bare",
                "crlf",
                "mail",
                "base64",
                "base64-crlf",
                "quoted-printable",
                "attachment",
                "whole-tree",
                "no-prefix",
                "unfinished",
                "show"
            })
    void aPatchAsPeopleHaveIt(String form) throws Exception {
        String diff = diff("2");
        String text =
                switch (form) {
                    case "bare" -> diff;
                    case "crlf" -> plainMail("[PATCH] mm: two", diff).replace("\n", "\r\n");
                    case "mail" -> envelope(plainMail("[PATCH] mm: two", diff));
                    case "base64" ->
                        mail("[PATCH] mm: two", "Content-Transfer-Encoding: base64\n", base64("Why.\n---\n" + diff));
                    case "base64-crlf" ->
                        mail(
                                        "[PATCH] mm:\n two",
                                        "Content-Type: text/plain; charset=utf-8\n"
                                                + "Content-Transfer-Encoding: BASE64\n",
                                        base64("Why: é\n---\n" + diff.replace("\n", "\r\n")))
                                .replace("\n", "\r\n");
                    case "quoted-printable" ->
                        mail(
                                "[PATCH] mm: two",
                                "Content-Transfer-Encoding: quoted-printable\n",
                                quotedPrintable("Why.\n---\n" + diff));
                    case "attachment" ->
                        mail(
                                "[PATCH] mm: two",
                                "Content-Type: multipart/mixed;\n boundary=\"==b\"\n",
                                "--==b\n"
                                        + "Content-Type: multipart/alternative; boundary=in\n\n"
                                        + "--in\n\n"
                                        + "See the attachment.\n"
                                        + "--in\n"
                                        + "Content-Type:"
                                        + " text/html\n\n"
                                        + "<pre>" + diff("9") + "</pre>\n--in--\n--==b\n"
                                        + "Content-Type: text/x-patch\nContent-Transfer-Encoding: base64\n\n"
                                        + base64(diff)
                                        + "--==b--\n");
                    case "whole-tree" ->
                        diff.replaceFirst("diff.*\n", "")
                                .replace("a/mm", "linux-5.10.orig/mm")
                                .replace("b/mm", "linux-5.10/mm")
                                .replace("memory.c\n", "memory.c\t2022-01-13 14:39:00\n");
                    case "no-prefix" -> diff.replace("a/mm", "mm").replace("b/mm", "mm");
                    case "unfinished" ->
                        "How about this as an alternative?\n\n" + diff.replaceFirst("diff.*\n---.*\n", "");
                    // The example in the message is no change.
                    default ->
                        "commit 0123\nAuthor: A <a@example.org>\n\n    mm: two\n\n    It was:\n"
                                + diff("7").replaceAll("(?m)^", "    ") + "\n" + diff;
                };
        Ended ended = build("--patch", patch("given", text));
        assertThat(ended.err()).hasSize(1);
        assertThat(ended.status()).isZero();
        assertThat(built("k/bzImage")).isEqualTo(memory("2"));
        nothingIsEdited();
    }

    @Test
    void aSeriesInAMailboxFromStandardInput() throws Exception {
        String second = diff("2")
                .replace("+\tif (page_count(page) != 2)", "+\tif (page_count(page) != 3)")
                .replace("-\tif (page_count(page) != 1)", "-\tif (page_count(page) != 2)");
        Path box = Files.writeString(
                folder.resolve("box"),
                envelope(mail("[PATCH v2 0/2] mm: count", "", "A cover letter, with what changed:\n\n" + diff("8")))
                        + envelope(
                                mail("[PATCH v2 2/2] mm: three", "Content-Transfer-Encoding: base64\n", base64(second)))
                        + envelope(mail("Re: [PATCH v2 1/2] mm: two", "", "> quoted\nBetter so:\n\n" + diff("9")))
                        + envelope(plainMail("[PATCH v2 1/2] mm: two", diff("2"))));
        Ended ended = build(box, "--patch", "-");
        assertThat(ended.status()).isZero();
        assertThat(built("k/bzImage")).isEqualTo(memory("3"));
        assertThat(ended.err())
                .hasSize(3)
                .anyMatch(
                        line -> line.endsWith("standard input: leaves out '[PATCH v2 0/2] mm: count', a cover letter"))
                .anyMatch(line -> line.endsWith("leaves out 'Re: [PATCH v2 1/2] mm: two', a reply"));
        nothingIsEdited();
        refused(
                1,
                "twice: has patch 1/2 twice ('[PATCH 1/2] ä', '[PATCH v2 1/2] b'): give one series",
                "--patch",
                patch(
                        "twice",
                        envelope(plainMail("=?UTF-8?q?[PATCH_1/2]_=C3=A4?=", diff("2")))
                                + envelope(plainMail("[PATCH v2 1/2] b", diff("3")))));
        refused(2, "only one", "--patch", "-", "--patch", "-");
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnythingIsChanged() throws Exception {
        String compiled = Files.readString(tree.resolve("compiled"));
        refused(
                1,
                "mm/memory.c:3: hunk 1 fails",
                "--patch",
                patch("other", diff("2").replace("page_count", "page_mapcount")));
        String late = diff("2").replace("-\tif (page_count(page) != 1)", "-\tif (page_count(page) != 3)")
                + "@@ -12,1 +12,1 @@\n-int least;\n+int end;\n";
        refused(
                1,
                "mm: late: does not apply to linux-source-5.10 5.10.0-1: mm/memory.c:12: hunk 2 fails",
                "--patch",
                rule("3"),
                "--patch",
                patch("late", plainMail("mm: late", late)));
        refused(1, "is in linux-source-5.10 5.10.0-1 already", "--patch", rule("2"), "--patch", "2.patch");
        refused(
                1,
                "changes mm/gone.c, which linux-source-5.10 5.10.0-1 does not have",
                "--patch",
                patch("gone", diff("2").replace("memory.c", "gone.c")));
        refused(1, "nothing differs", "--edit", "s/!= 1/!= 2/", "--edit", "s/!= 2/!= 1/");
        refused(1, "changes nothing in mm/memory.c", "--edit", "s/no such thing//");
        refused(2, "is not for sed", "--edit", "s/no end");
        refused(
                1,
                "hunk 1 of mm/memory.c in 'cut' is cut off",
                "--patch",
                patch("cut", diff("2").substring(0, diff("2").indexOf(" copy:"))));
        refused(1, "is damaged", "--patch", patch("wrapped", diff("2").replace(" \t\tgoto copy;", "goto copy;")));
        refused(1, "than its header says", "--patch", patch("added", diff("2") + "+int more;\n"));
        refused(1, "has no patch in it", "--patch", patch("words", "Dear list,\n\nplease apply.\n"));
        refused(
                1,
                "is no file of a source tree",
                "--patch",
                patch("out", diff("2").replace("mm/memory.c", "../../x")));
        refused(2, "no such patch: absent", "--patch", "absent");
        refused(2, "no CONFIG_NO_SUCH", "--enable", "NO_SUCH");
        refused(2, "CONFIG_NEVER was not taken", "--enable", "NEVER", "--patch", "2.patch");
        refused(2, "a series looks like", "--series", "five");
        refused(2, "--output", "--output", "absent/bzImage");
        assertThat(Files.readString(tree.resolve("compiled"))).isEqualTo(compiled);
    }

    @Test
    void fuzzIsTold() throws Exception {
        Ended ended = build("--patch", patch("fuzzy", diff("2").replace("int third;", "int fourth;")));
        assertThat(ended.status()).isZero();
        assertThat(ended.err().getFirst())
                .isEqualTo("build-kernel: fuzzy: mm/memory.c:3: hunk 1 fits only with fuzz 1");
        assertThat(built("k/bzImage")).isEqualTo(memory("2"));
    }
}
