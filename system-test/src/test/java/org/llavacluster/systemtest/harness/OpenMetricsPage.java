package org.llavacluster.systemtest.harness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics in the format OpenMetrics 1.0, read strictly: {@link #faults} names what a scraper refuses and what
 * {@code promtool check metrics} reports.
 */
public final class OpenMetricsPage {

    private static final Pattern DESCRIPTION =
            Pattern.compile("# (TYPE|HELP|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\\\\"]|\\\\[\\\\n\"])*)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\\\\\"\n]|\\\\[\\\\n\"])*)\"(,|$)");

    /** Suffixes of the samples of a family by its type. */
    private static final Map<String, Set<String>> SUFFIXES = Map.of(
            "gauge", Set.of(""),
            "counter", Set.of("_total", "_created"),
            "histogram", Set.of("_bucket", "_count", "_sum", "_created"),
            "summary", Set.of("", "_count", "_sum", "_created"),
            "info", Set.of("_info"),
            "unknown", Set.of(""));

    /** Units that names of metrics spell out, in base units. */
    private static final Set<String> ABBREVIATED_UNITS =
            Set.of("s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d");

    private final List<String> faults = new ArrayList<>();
    private final Map<String, String> types = new LinkedHashMap<>();
    private final Set<String> described = new HashSet<>();
    private final Set<String> series = new HashSet<>();
    private final Map<String, Double> lastBuckets = new HashMap<>();
    private final Map<String, Double> counts = new HashMap<>();
    private String family = "";

    private OpenMetricsPage() {}

    /** What is wrong with a page; nothing if it is valid. */
    public static List<String> faults(String page) {
        OpenMetricsPage read = new OpenMetricsPage();
        if (!page.endsWith("\n# EOF\n") && !page.endsWith("\n# EOF")) {
            read.faults.add("does not end in # EOF");
        }
        String[] lines = page.stripTrailing().split("\n", -1);
        for (int i = 0; i + 1 < lines.length; i++) {
            read.line(lines[i]);
        }
        read.types.keySet().stream()
                .filter(name -> !read.described.contains("HELP " + name))
                .forEach(name -> read.faults.add(name + ": no help"));
        read.lastBuckets.forEach((name, last) -> {
            if (!last.equals(read.counts.get(name))) {
                read.faults.add(name + ": the bucket of +Inf is not the count");
            }
        });
        return read.faults;
    }

    private void line(String line) {
        Matcher description = DESCRIPTION.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (line.startsWith("#") && description.matches()) {
            describe(description.group(1), description.group(2), description.group(3));
        } else if (!line.startsWith("#") && sample.matches()) {
            sample(sample.group(1), sample.group(2) == null ? "" : sample.group(2), sample.group(3));
        } else {
            faults.add("no line of OpenMetrics: " + line);
        }
    }

    private void describe(String kind, String name, String text) {
        if (!described.add(kind + " " + name)) {
            faults.add(name + ": " + kind + " twice");
        }
        if (!name.equals(family) && !types.getOrDefault(name, "new").equals("new")) {
            faults.add(name + ": its lines are not together");
        }
        family = name;
        if (kind.equals("TYPE")) {
            if (!SUFFIXES.containsKey(text)) {
                faults.add(name + ": unknown type " + text);
            }
            types.put(name, text);
            nameOf(name, text);
        } else if (kind.equals("HELP") && text.isBlank()) {
            faults.add(name + ": no help");
        }
    }

    private void nameOf(String name, String type) {
        if (Arrays.stream(name.split("_")).anyMatch(ABBREVIATED_UNITS::contains)) {
            faults.add(name + ": an abbreviated unit");
        }
        boolean parts = type.equals("histogram") || type.equals("summary");
        if (!parts && (name.endsWith("_count") || name.endsWith("_sum") || name.endsWith("_bucket"))) {
            faults.add(name + ": the ending of a part of a histogram");
        }
        if (name.endsWith("_total")) {
            faults.add(name + ": the ending of a counter's sample");
        }
    }

    private void sample(String name, String labels, String value) {
        String type = types.get(family);
        if (type == null || !name.startsWith(family)) {
            faults.add(name + ": not under its family, but under " + family);
            return;
        }
        String suffix = name.substring(family.length());
        if (!SUFFIXES.getOrDefault(type, Set.of("")).contains(suffix)) {
            faults.add(name + ": no sample of a " + type);
        }
        Map<String, String> read = labels(name, labels);
        if (!series.add(name + read)) {
            faults.add(name + read + ": twice");
        }
        double number = number(name, value);
        if (!type.equals("gauge") && !type.equals("unknown") && !type.equals("summary") && !(number >= 0)) {
            faults.add(name + ": " + value + " of a " + type);
        }
        if (suffix.equals("_bucket")) {
            bucket(name, read, number);
        } else if (suffix.equals("_count")) {
            counts.put(family + read, number);
        }
    }

    private void bucket(String name, Map<String, String> labels, double number) {
        Map<String, String> others = new LinkedHashMap<>(labels);
        if (others.remove("le") == null) {
            faults.add(name + ": a bucket without le");
        }
        if (number < lastBuckets.getOrDefault(family + others, 0.0)) {
            faults.add(name + labels + ": less than the bucket before");
        }
        lastBuckets.put(family + others, number);
    }

    private Map<String, String> labels(String name, String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text);
        int at = 0;
        while (label.find() && label.start() == at) {
            at = label.end();
            if (labels.put(label.group(1), label.group(2)) != null) {
                faults.add(name + ": label " + label.group(1) + " twice");
            }
        }
        if (at != text.length()) {
            faults.add(name + ": labels cannot be read: " + text);
        }
        return labels;
    }

    private double number(String name, String value) {
        try {
            return switch (value) {
                case "+Inf" -> Double.POSITIVE_INFINITY;
                case "-Inf" -> Double.NEGATIVE_INFINITY;
                case "NaN" -> Double.NaN;
                default -> Double.parseDouble(value);
            };
        } catch (NumberFormatException e) {
            faults.add(name + ": no number: " + value);
            return 0;
        }
    }
}
