package org.cowbench.result;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is known of a run that several machines executed a part of each. */
public final class SharedFacts {
    private SharedFacts() {}

    /**
     * Puts together what is known of the parts.
     *
     * @param parts what is known of each, in the order of their shares
     * @param label label of the whole
     * @param command command line, recorded
     * @return what is known of the whole, without its forks: it started with the first of the parts and took as long as all
     *     together; a fact or warning that not all parts have alike says of which it is
     */
    public static RunInfo merge(List<RunInfo> parts, String label, List<String> command) {
        RunInfo first = parts.getFirst();
        Set<String> names = new LinkedHashSet<>();
        parts.forEach(part -> names.addAll(part.environment().keySet()));
        names.remove(Environment.SHARD);
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put(Environment.SHARDS, Integer.toString(parts.size()));
        Set<String> warnings = new LinkedHashSet<>();
        List<String> own = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            RunInfo part = parts.get(i);
            int number = i + 1;
            for (String name : names) {
                String value = part.environment().get(name);
                boolean alike = parts.stream()
                        .allMatch(each -> Objects.equals(each.environment().get(name), value));
                if (value != null) {
                    environment.put(alike ? name : Environment.SHARD + "." + number + "." + name, value);
                }
            }
            part.warnings().forEach(line -> {
                if (parts.stream().allMatch(each -> each.warnings().contains(line))) {
                    warnings.add(line);
                } else {
                    own.add(Environment.SHARD + " " + number + ": " + line);
                }
            });
        }
        warnings.addAll(own);
        return new RunInfo(
                RunInfo.SCHEMA,
                label,
                first.commit(),
                first.dirty(),
                command,
                first.seed(),
                first.suite(),
                parts.stream().map(RunInfo::started).sorted().findFirst().orElse(""),
                parts.stream().mapToDouble(RunInfo::seconds).sum(),
                true,
                environment,
                List.of(),
                List.copyOf(warnings));
    }
}
