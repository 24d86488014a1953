package org.llavacluster.node.server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The formats of metrics, as Accept headers of scrapers ask for them. */
enum MetricsFormat {
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8", Set.of("1.0.0", "0.0.1")),
    TEXT("text/plain", Set.of("0.0.4", "1.0.0"));

    private static final String PARAMETERS = "\\s*;\\s*";

    private final String written;
    private final Set<String> versions;

    MetricsFormat(String written, Set<String> versions) {
        this.written = written;
        this.versions = versions;
    }

    /** One part of an Accept header (RFC 9110, section 12.5.1). */
    private record Range(String type, Map<String, String> parameters) {

        static Range of(String text) {
            String[] parts = text.strip().toLowerCase(Locale.ROOT).split(PARAMETERS, -1);
            Map<String, String> parameters = Arrays.stream(parts)
                    .skip(1)
                    .map(parameter -> parameter.split("\\s*=\\s*", 2))
                    .filter(pair -> pair.length == 2)
                    .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1].replace("\"", ""), (a, _) -> a));
            return new Range(parts[0], parameters);
        }

        double weight() {
            try {
                return Double.parseDouble(parameters.getOrDefault("q", "1"));
            } catch (NumberFormatException _) {
                return 0;
            }
        }

        Optional<MetricsFormat> format() {
            Optional<MetricsFormat> named =
                    switch (type) {
                        case "application/openmetrics-text", "application/*" -> Optional.of(OPEN_METRICS);
                        case "text/plain", "text/*", "*/*" -> Optional.of(TEXT);
                        default -> Optional.empty();
                    };
            String version = parameters.get("version");
            return named.filter(format -> version == null || format.versions.contains(version));
        }
    }

    /** As an Accept header that the scraped endpoint understands. */
    String written() {
        return written;
    }

    /**
     * The format that a client prefers: the one of the highest weight, of those with the same weight the one named
     * first.
     *
     * @param accept values of the client's Accept headers; without any it is the text format
     * @return empty if the client takes neither
     */
    static Optional<MetricsFormat> preferred(List<String> accept) {
        if (accept.isEmpty()) {
            return Optional.of(TEXT);
        }
        Optional<MetricsFormat> best = Optional.empty();
        double most = 0;
        for (String part : String.join(",", accept).split(",")) {
            Range range = Range.of(part);
            if (range.weight() > most && range.format().isPresent()) {
                most = range.weight();
                best = range.format();
            }
        }
        return best;
    }
}
