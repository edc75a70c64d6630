package org.cowbench.kernel.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.cowbench.kernel.Capabilities;
import org.cowbench.kernel.GuestBench;
import org.cowbench.kernel.KernelSession;
import org.cowbench.kernel.LogFinding;
import org.cowbench.kernel.ScriptRun;
import org.cowbench.litmus.Script;
import org.cowbench.result.FolioKind;
import org.cowbench.result.Situation;

/** A guest whose probe answers as it is told to, whatever it is asked. */
final class FakeGuest implements KernelSession {
    private final List<String> answers;
    private Map<String, byte[]> files = Map.of();
    private String requests = "";

    FakeGuest(List<String> answers) {
        this.answers = answers;
    }

    Map<String, byte[]> files() {
        return files;
    }

    String requests() {
        return requests;
    }

    @Override
    public List<LogFinding> serve(Map<String, byte[]> program, String steps, Consumer<JsonNode> each) {
        files = program;
        requests = steps;
        for (String answer : answers) {
            try {
                each.accept(new ObjectMapper().readTree(answer));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(answer, e);
            }
        }
        return List.of();
    }

    @Override
    public void run(List<Script> scripts, Consumer<ScriptRun> each) {
        throw new UnsupportedOperationException("runs programs");
    }

    @Override
    public GuestBench measure(Situation situation, int pages) {
        throw new UnsupportedOperationException("runs programs");
    }

    @Override
    public GuestBench measure(FolioKind kind, Situation situation, int pages) {
        return measure(situation, pages);
    }

    @Override
    public String release() {
        return "fake";
    }

    @Override
    public boolean readsLog() {
        return true;
    }

    @Override
    public Capabilities capabilities() {
        throw new UnsupportedOperationException("runs programs");
    }

    @Override
    public void close() {}
}
