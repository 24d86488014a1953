package org.llavacluster.node.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavacluster.node.metrics.RefusalReason;

/** Renders {@code docs/configuration.md} and {@code docs/limits.md} from the list of properties. */
final class ReferencePages {

    private static final String GENERATED =
            "<!-- Generated: ./mvnw -pl node -Dtest=ReferencePagesTest -Ddocs.write=true test -->\n";

    private ReferencePages() {}

    static String configuration() {
        return GENERATED
                + """
                # Configuration

                Every process reads its properties from Java system properties (`-Dllava.node.port=9000`), from environment variables
                (`LLAVA_NODE_PORT=9000`: upper case, with `_` for every other character) and from an `application.properties`
                beside its jar, in that order. `./llava up` sets those that its options name; variables of its environment reach all
                processes that it starts.

                A value that cannot be used ends the process with exit code 2 and one line that names the property, the rule and the
                value. So does a system property that is not in this list; an environment variable that is not in it is logged.
                Times are written `30` (seconds), `30s`, `5m` or in ISO 8601; bytes as a whole number. What callers see when they pass
                a limit is in [limits.md](limits.md).
                """
                + PropertyList.groups().stream().map(ReferencePages::section).collect(Collectors.joining());
    }

    private static String section(PropertyGroup group) {
        return "\n## " + group.title() + "\n\n| Property | Type | Default | Values | Meaning |\n|---|---|---|---|---|\n"
                + group.properties().stream().map(ReferencePages::row).collect(Collectors.joining());
    }

    private static String row(Property<?> property) {
        return line(
                code(property.name()),
                property.type().word(),
                defaultOf(property),
                property.type().bounds(),
                property.meaning());
    }

    static String limits() {
        return GENERATED
                + """
                # Limits

                Every queue, buffer and wait is bounded. A value at its limit is accepted, one beyond it is refused; one request that
                passes a limit does not affect another. Refusals are HTTP answers in the shape of OpenAI's errors and the gRPC status
                named beside them. The last column names the test class that takes each limit to its value and beyond it.

                ## Limits that properties set

                [configuration.md](configuration.md) has the values that they accept.

                | Property | Limits | Default | Why | What the caller sees | Held by |
                |---|---|---|---|---|---|
                """
                + PropertyList.all().stream()
                        .filter(property -> property.limit().isPresent())
                        .map(ReferencePages::limitRow)
                        .collect(Collectors.joining())
                + """

                ## Fixed limits

                | Limits | Value | Why | What the caller sees | Held by |
                |---|---|---|---|---|
                """
                + FixedLimits.all().stream().map(ReferencePages::row).collect(Collectors.joining())
                + """

                ## Refusals in metrics

                `llava_refusals_total` counts what every process refuses on its HTTP and gRPC ports, by `reason`:

                | Reason | Meaning |
                |---|---|
                """
                + Stream.of(RefusalReason.values())
                        .map(reason -> line(code(reason.label()), reason.meaning()))
                        .collect(Collectors.joining());
    }

    private static String limitRow(Property<?> property) {
        LimitNote note = property.limit().orElseThrow();
        return line(
                code(property.name()),
                property.meaning(),
                defaultOf(property),
                note.why(),
                note.seen(),
                code(LimitHolders.of(property)));
    }

    private static String row(FixedLimit limit) {
        return line(
                limit.name(), limit.written(), limit.note().why(), limit.note().seen(), code(LimitHolders.of(limit)));
    }

    private static <T> String defaultOf(Property<T> property) {
        return switch (property.defaultValue()) {
            case DefaultValue.Constant<T>(T value) -> code(property.type().written(value));
            case DefaultValue.Computed<T>(String description) -> description;
            case DefaultValue.Required<T>() -> "required";
        };
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String line(String... cells) {
        return "| " + String.join(" | ", List.of(cells)) + " |\n";
    }
}
