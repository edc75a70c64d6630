package org.cowbench.litmus;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a step of a script of one large folio shows of folios: of the one that has the first page the step names, as the
 * acting process has it afterwards, and what happened to any in the meantime.
 *
 * @param mapping how the page is mapped; null when the step names none or could not be done
 * @param order order of its folio; 0 when it is a base page or not present
 * @param cached whether its folio is in the swap cache; empty when it is not present
 * @param events how often each event happened; without those that a kernel does not count
 */
public record FolioView(@Nullable Mapping mapping, int order, Optional<Boolean> cached, Map<Event, Long> events) {

    /** How a page is mapped, by the word that the probe uses. */
    public enum Mapping {
        /** By a PMD entry, with all others of its folio. */
        PMD("pmd"),
        /** By a page-table entry, and so are all others of its folio, each in its place. */
        WHOLE("whole"),
        /** By a page-table entry, others of its folio not. */
        PART("part"),
        /** It is a base page. */
        BASE("base"),
        /** It is not present. */
        NONE("-");

        private final String word;

        Mapping(String word) {
            this.word = word;
        }

        /**
         * The mapping that a word names.
         *
         * @param word the word
         * @return the mapping
         * @throws IllegalArgumentException if there is none
         */
        public static Mapping of(String word) {
            for (Mapping mapping : values()) {
                if (mapping.word.equals(word)) {
                    return mapping;
                }
            }
            throw new IllegalArgumentException("no mapping of a folio: " + word);
        }

        /** The word. */
        @Override
        public String toString() {
            return word;
        }
    }

    /** What can happen to a folio; its word is the name in lower case. */
    public enum Event {
        /** A page table took a PMD entry's place (thp_split_pmd). */
        SPLIT_PMD,
        /** A folio was split into base pages (thp_split_page). */
        SPLIT_PAGE,
        /** A folio went to swap whole (thp_swpout). */
        SWPOUT,
        /** A folio was split because swap does not take it whole (thp_swpout_fallback). */
        SWPOUT_FALLBACK;

        /** The word. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Copies the events. */
    public FolioView {
        events = Map.copyOf(events);
    }

    /** Members of a step's line, each begun by a comma. */
    String json() {
        StringBuilder json = new StringBuilder();
        if (mapping != null) {
            json.append(",\"folio\":\"").append(mapping).append("\",\"order\":").append(order);
            cached.ifPresent(is -> json.append(",\"cached\":").append(is));
        }
        for (Event event : Event.values()) {
            Long count = events.get(event);
            if (count != null) {
                json.append(",\"").append(event).append("\":").append(count);
            }
        }
        return json.toString();
    }
}
