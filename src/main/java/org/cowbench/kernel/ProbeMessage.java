package org.cowbench.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.cowbench.litmus.EntryState;
import org.cowbench.litmus.FolioView;
import org.cowbench.litmus.FrameChange;
import org.cowbench.litmus.Op;
import org.cowbench.litmus.Script;
import org.cowbench.litmus.ScriptParser;
import org.cowbench.litmus.StepCounter;
import org.cowbench.litmus.StepCounts;
import org.cowbench.litmus.StepResult;
import org.cowbench.litmus.SwapDevice;
import org.jspecify.annotations.Nullable;

/** A line the probe prints. */
sealed interface ProbeMessage {

    /**
     * The probe runs.
     *
     * @param release the kernel's release
     * @param version the kernel's version, with its build number and date
     * @param capabilities what it can do beyond what every kernel can
     * @param noZram why a guest does not swap to zram that should; empty when it does, or need not
     * @param log whether its log can be read
     */
    record Start(String release, String version, Capabilities capabilities, String noZram, boolean log)
            implements ProbeMessage {}

    /**
     * The kernel has logged something, at the level of a warning or worse.
     *
     * @param when since when
     * @param text a line, without its time
     */
    record Log(LogFinding.When when, String text) implements ProbeMessage {}

    /**
     * All processes and references of a script have gone, and a page of theirs was not freed.
     *
     * @param last the last step that saw it in an entry
     */
    record Unfreed(int last) implements ProbeMessage {}

    /**
     * A step of a script is done.
     *
     * @param file the script's name as it was requested
     * @param step the step's number
     * @param json the whole line
     */
    record StepDone(String file, int step, JsonNode json) implements ProbeMessage {

        /**
         * The step's result.
         *
         * @param script the script that is running
         * @return the result, with the script's own name and step
         * @throws ProbeFormatException if the probe and the script disagree on what the step was
         */
        StepResult result(Script script) {
            if (step >= script.steps().size()
                    || !script.steps().get(step).text().equals(json.path("op").asText())) {
                throw new ProbeFormatException("step " + step + " of " + script.file() + " came back as " + json, null);
            }
            JsonNode before = json.get("before");
            JsonNode torn = json.get("torn");
            JsonNode error = json.get("error");
            StepResult result = new StepResult(
                    script.file(),
                    step,
                    script.steps().get(step),
                    before == null ? null : word("before", EntryState::of),
                    before == null ? null : word("after", EntryState::of),
                    before == null ? null : word("frame", FrameChange::of),
                    json.path("minor").asInt(0),
                    json.path("major").asInt(0),
                    number("value"),
                    error == null ? null : error.asText(),
                    number("old"),
                    torn == null ? OptionalInt.empty() : OptionalInt.of(torn.asInt()));
            StepResult shown = script.ofFolios() ? result.showing(folio()) : result;
            return script.counters().isEmpty() || error != null ? shown : shown.counting(counts(script));
        }

        /** The counters that the script asks for: a number each, or the reason why the kernel has none. */
        private StepCounts counts(Script script) {
            Map<StepCounter, Long> values = new EnumMap<>(StepCounter.class);
            Map<StepCounter, String> lacking = new EnumMap<>(StepCounter.class);
            for (StepCounter counter : script.counters()) {
                JsonNode member = json.get(counter.toString());
                if (member != null && member.isTextual()) {
                    lacking.put(counter, member.asText());
                } else if (member != null) {
                    values.put(counter, member.asLong());
                }
            }
            return new StepCounts(values, lacking);
        }

        /** What the line says of folios; what the kernel does not count is missing. */
        private FolioView folio() {
            Map<FolioView.Event, Long> events = new EnumMap<>(FolioView.Event.class);
            for (FolioView.Event event : FolioView.Event.values()) {
                if (json.has(event.toString())) {
                    events.put(event, json.get(event.toString()).asLong());
                }
            }
            JsonNode cached = json.get("cached");
            return new FolioView(
                    json.has("folio") ? word("folio", FolioView.Mapping::of) : null,
                    json.path("order").asInt(0),
                    cached == null ? Optional.empty() : Optional.of(cached.asBoolean()),
                    events);
        }

        private <T> T word(String name, Function<String, T> meaning) {
            try {
                return meaning.apply(json.path(name).asText());
            } catch (IllegalArgumentException e) {
                throw new ProbeFormatException("not a line of the probe: " + json, e);
            }
        }

        /** An unsigned number of 64 bits. */
        private OptionalLong number(String name) {
            JsonNode number = json.get(name);
            return number == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(number.bigIntegerValue().longValue());
        }
    }

    /**
     * A request is done.
     *
     * @param what the script's name or the kind of measurement
     */
    record End(String what) implements ProbeMessage {}

    /**
     * Some of a pass's times.
     *
     * @param access {@code floor}, or as {@link GuestBench.Pass#access}
     * @param ticks time stamp counter ticks of each access, in page order; instructions in an emulated guest
     */
    record Ticks(String access, long[] ticks) implements ProbeMessage {}

    /**
     * A pass over the pages is done.
     *
     * @param access as {@link GuestBench.Pass#access}
     * @param pages number of pages
     * @param kept pages now in the frame they were filled in
     * @param changed pages now in another
     * @param minor minor faults of the pass
     * @param major major faults of the pass
     */
    record Pass(String access, int pages, int kept, int changed, long minor, long major) implements ProbeMessage {}

    /**
     * This kernel has not what was to be measured.
     *
     * @param why a few words
     */
    record Lacking(String why) implements ProbeMessage {}

    /**
     * The machine cannot do what was asked.
     *
     * @param message why
     * @param errno of the failed call, 0 when there is none
     */
    record Fatal(String message, int errno) implements ProbeMessage {}

    /**
     * The program that a guest was given along has printed something.
     *
     * @param text a line
     */
    record Said(String text) implements ProbeMessage {}

    /**
     * That program has ended.
     *
     * @param status as wait4 tells it
     */
    record Ended(int status) implements ProbeMessage {}

    /**
     * A program under load has done something, or has ended.
     *
     * @param json the whole line
     */
    record App(JsonNode json) implements ProbeMessage {}

    /** There are no more requests. */
    record Done() implements ProbeMessage {}

    /** A line that is not the probe's. */
    final class ProbeFormatException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ProbeFormatException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Reads lines; thread-safe. */
    ObjectMapper MAPPER = new ObjectMapper();

    /**
     * Reads a line.
     *
     * @param line one JSON object
     * @return the message
     * @throws ProbeFormatException if it is none
     */
    static ProbeMessage parse(String line) {
        JsonNode json;
        try {
            json = MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new ProbeFormatException("not a line of the probe: " + shorten(line), e);
        }
        if (json == null || !json.isObject()) {
            throw new ProbeFormatException("not a line of the probe: " + shorten(line), null);
        }
        if (json.has("step")) {
            return new StepDone(json.path("file").asText(), json.path("step").asInt(), json);
        }
        return switch (json.path("probe").asText()) {
            case "start" ->
                new Start(
                        json.path("release").asText(),
                        json.path("version").asText(),
                        capabilities(json),
                        json.path("nozram").asText(),
                        json.path("log").asBoolean());
            case "log" ->
                new Log(
                        LogFinding.when(json.path("when").asText())
                                .orElseThrow(() ->
                                        new ProbeFormatException("not a line of the probe: " + shorten(line), null)),
                        json.path("text").asText());
            case "unfreed" -> new Unfreed(json.path("last").asInt());
            case "end" ->
                new End(
                        json.has("file")
                                ? json.path("file").asText()
                                : json.path("bench").asText());
            case "ticks" ->
                new Ticks(
                        json.path("access").asText(),
                        StreamSupport.stream(json.path("ticks").spliterator(), false)
                                .mapToLong(JsonNode::asLong)
                                .toArray());
            case "pass" ->
                new Pass(
                        json.path("access").asText(),
                        json.path("pages").asInt(),
                        json.path("kept").asInt(),
                        json.path("changed").asInt(),
                        json.path("minor").asLong(),
                        json.path("major").asLong());
            case "lacking" -> new Lacking(json.path("why").asText());
            case "fatal" ->
                new Fatal(json.path("message").asText(), json.path("errno").asInt());
            case "said" -> new Said(json.path("text").asText());
            case "ended" -> new Ended(json.path("status").asInt());
            case "app" -> new App(json);
            case "done" -> new Done();
            default -> throw new ProbeFormatException("not a line of the probe: " + shorten(line), null);
        };
    }

    /** What the line does not speak of, the kernel can do. */
    private static Capabilities capabilities(JsonNode json) {
        Optional<SwapDevice> device = SwapDevice.of(json.path("swap").asText());
        return new Capabilities(
                Stream.of(Op.values())
                        .filter(op -> !json.path(op.word()).asBoolean(true))
                        .collect(Collectors.toSet()),
                json.has("folios")
                        ? StreamSupport.stream(json.path("folios").spliterator(), false)
                                .map(JsonNode::asInt)
                                .collect(Collectors.toSet())
                        : Set.copyOf(ScriptParser.FOLIOS),
                json.path("largeswap").asBoolean(true),
                json.path("zeropage").asBoolean(true),
                device.orElse(SwapDevice.DISK),
                device.map(Set::of).orElseGet(() -> EnumSet.allOf(SwapDevice.class)));
    }

    private static String shorten(String line) {
        return line.length() > 200 ? line.substring(0, 200) + "..." : line;
    }
}
