package org.cowbench.compare;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cowbench.policy.Policy;
import org.cowbench.policy.Property;
import org.cowbench.result.Environment;

/** What is declared of a policy where it was measured, so that one that leaks is never taken for a winner. */
public final class DeclaredVerdict {
    private static final List<Property> LEAKS = List.of(Property.ISOLATION, Property.SECRECY);

    private DeclaredVerdict() {}

    /**
     * The verdict on a policy; a rule of the user's own was judged when it was measured.
     *
     * @param policy which
     * @param facts the environment of the run that measured it
     * @return the checker's word
     */
    public static String of(Policy policy, Map<String, String> facts) {
        return policy == Policy.RULE
                ? facts.getOrDefault(Environment.RULE_VERDICT, policy.verdict())
                : policy.verdict();
    }

    /**
     * What nobody would call a price, since another process reads what it must not.
     *
     * @param policy which
     * @param facts the environment of the run that measured it
     * @return those of isolation and secrecy that it breaks
     */
    public static Set<Property> breaks(Policy policy, Map<String, String> facts) {
        Set<Property> breaks = EnumSet.noneOf(Property.class);
        for (Property leak : LEAKS) {
            if (Policy.violates(of(policy, facts), leak)) {
                breaks.add(leak);
            }
        }
        return breaks;
    }
}
