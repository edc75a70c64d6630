package org.cowbench.review;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cowbench.litmus.selftest.CowRun;

/**
 * How the kernel's own selftest of copy-on-write ends on both kernels.
 *
 * @param base by test, {@code pass}, {@code fail} or {@code skip} on the base
 * @param head the same on the head
 * @param baseIncomplete why not all were run on the base, or the empty string
 * @param headIncomplete the same of the head
 */
public record CowPart(
        Map<String, String> base, Map<String, String> head, String baseIncomplete, String headIncomplete) {

    static CowPart of(CowRun base, CowRun head) {
        return new CowPart(words(base), words(head), base.incomplete(), head.incomplete());
    }

    private static Map<String, String> words(CowRun run) {
        Map<String, String> words = new LinkedHashMap<>();
        run.outcomes().forEach((test, outcome) -> words.put(test, outcome.kind().toString()));
        return words;
    }

    /**
     * The tests that end otherwise.
     *
     * @return by test, how it ends on the base and on the head; {@code not run} where it was not
     */
    public Map<String, String[]> changed() {
        Map<String, String[]> changed = new LinkedHashMap<>();
        Map<String, String> all = new LinkedHashMap<>(base);
        head.forEach(all::putIfAbsent);
        all.keySet().forEach(test -> {
            String one = base.getOrDefault(test, "not run");
            String other = head.getOrDefault(test, "not run");
            if (!one.equals(other)) {
                changed.put(test, new String[] {one, other});
            }
        });
        return changed;
    }

    /**
     * The tests that fail on the head and not on the base.
     *
     * @return their names
     */
    public List<String> worse() {
        return head.entrySet().stream()
                .filter(test -> test.getValue().equals("fail") && !"fail".equals(base.get(test.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }
}
