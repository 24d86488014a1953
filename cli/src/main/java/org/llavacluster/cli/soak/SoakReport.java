package org.llavacluster.cli.soak;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.bench.PlotAxis;

/**
 * What a soak found.
 *
 * @param settings what was run, in a word each
 * @param warmUpMinutes left out of slopes
 * @param requests how many ended, by kind
 * @param compared answers that were held against the first one of the same request
 */
public record SoakReport(
        Map<String, Object> settings,
        double warmUpMinutes,
        Map<String, Map<ProcessFigure, TimeSeries>> processes,
        List<MinuteFigures> minutes,
        Map<SoakKind, Long> requests,
        long compared,
        Map<String, Long> errors,
        SoakVerdict verdict) {

    /** Slopes of resident memory by process, MB per minute; without processes that were not there long enough. */
    static Map<String, Double> residentSlopes(
            Map<String, Map<ProcessFigure, TimeSeries>> processes, double warmUpMinutes) {
        Map<String, Double> slopes = new LinkedHashMap<>();
        processes.forEach((process, figures) -> figures.get(ProcessFigure.RESIDENT)
                .slopeAfter(warmUpMinutes)
                .ifPresent(slope -> slopes.put(process, slope)));
        return slopes;
    }

    /** 0 if the soak passed, else 1. */
    public int exitCode() {
        return verdict.passed() ? 0 : 1;
    }

    /** A row for each figure of each process. */
    private List<Map<String, Object>> slopes() {
        List<Map<String, Object>> rows = new ArrayList<>();
        processes.forEach((process, figures) -> figures.forEach((figure, series) -> {
            OptionalDouble slope = series.slopeAfter(warmUpMinutes);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("process", process);
            row.put("figure", figure.key());
            row.put("first", series.points().getFirst().value());
            row.put("most", series.most());
            row.put("last", series.last());
            row.put("per_minute", slope.isEmpty() ? null : slope.getAsDouble());
            rows.add(row);
        }));
        return rows;
    }

    /** One JSON object. */
    public String toJson() throws JsonProcessingException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bench", "soak");
        json.putAll(settings);
        json.put("passed", verdict.passed());
        json.put("reasons", verdict.reasons());
        json.put("requests", requests);
        json.put("compared_answers", compared);
        json.put("errors", errors);
        json.put("slopes", slopes());
        json.put("minutes", minutes.stream().map(MinuteFigures::row).toList());
        Map<String, Object> series = new LinkedHashMap<>();
        processes.forEach((process, figures) -> series.put(process, seriesOf(figures)));
        json.put("series", series);
        return new ObjectMapper().writeValueAsString(json);
    }

    private static Map<String, Object> seriesOf(Map<ProcessFigure, TimeSeries> figures) {
        Map<String, Object> json = new LinkedHashMap<>();
        figures.forEach((figure, series) -> json.put(
                figure.key(),
                series.points().stream()
                        .map(point -> List.of(rounded(point.minutes()), rounded(point.value())))
                        .toList()));
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    /** For a terminal: slopes, minutes and the verdict. */
    public String toTable() {
        return Stream.of(
                        processes.isEmpty() ? "" : BenchReport.table(slopes()),
                        minutes.isEmpty()
                                ? ""
                                : BenchReport.table(
                                        minutes.stream().map(MinuteFigures::row).toList()),
                        summary())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(System.lineSeparator() + System.lineSeparator()));
    }

    private String summary() {
        long all = requests.values().stream().mapToLong(Long::longValue).sum();
        String counts = all + " requests " + requests + "; " + compared
                + " answers compared with the first one of the same request; errors " + errors;
        return counts
                + System.lineSeparator()
                + (verdict.passed()
                        ? "passed"
                        : "failed:" + System.lineSeparator() + "- "
                                + String.join(System.lineSeparator() + "- ", verdict.reasons()));
    }

    /**
     * For people.
     *
     * @param plot name of the file with the plot, beside this one
     */
    public String toMarkdown(String plot) {
        StringBuilder text = new StringBuilder("# Soak\n\n");
        settings.forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        text.append("\n")
                .append(summary())
                .append("\n\n![All series over time](")
                .append(plot)
                .append(")\n");
        text.append("\n## Processes\n\nSlopes per minute after the first ")
                .append(PlotAxis.written(warmUpMinutes))
                .append(" minutes, by least squares; MB are 10^6 bytes.\n\n");
        text.append(markdown(slopes()));
        text.append("\n## Clients\n\nMilliseconds from the time at which a request was due.\n\n");
        text.append(markdown(minutes.stream().map(MinuteFigures::row).toList()));
        return text.toString();
    }

    private static String markdown(List<Map<String, Object>> rows) {
        if (rows.isEmpty()) {
            return "none\n";
        }
        StringBuilder table = new StringBuilder();
        table.append(row(List.copyOf(rows.getFirst().keySet()), String::valueOf));
        table.append(row(List.copyOf(rows.getFirst().keySet()), _ -> "---"));
        rows.forEach(row -> table.append(row(new ArrayList<>(row.values()), BenchReport::shown)));
        return table.toString();
    }

    private static <T> String row(List<T> cells, Function<T, String> shown) {
        return cells.stream().map(shown).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** All series over time, as SVG. */
    public String toSvg() {
        List<LineChart> charts = new ArrayList<>();
        for (ProcessFigure figure : ProcessFigure.values()) {
            Map<String, TimeSeries> curves = new LinkedHashMap<>();
            processes.forEach((process, figures) -> {
                if (figures.containsKey(figure)) {
                    curves.put(process, figures.get(figure));
                }
            });
            add(charts, figure.title() + (figure.unit().isEmpty() ? "" : ", " + figure.unit()), curves);
        }
        Map<String, TimeSeries> latencies = new LinkedHashMap<>();
        addMinutes(latencies, "first token p50", minute -> minute.firstToken().p50());
        addMinutes(latencies, "first token p99", minute -> minute.firstToken().p99());
        addMinutes(latencies, "answer p50", minute -> minute.answer().p50());
        addMinutes(latencies, "answer p99", minute -> minute.answer().p99());
        add(charts, "latency, ms", latencies);
        Map<String, TimeSeries> counts = new LinkedHashMap<>();
        addMinutes(counts, "answers", minute -> OptionalDouble.of(minute.answers()));
        addMinutes(counts, "left", minute -> OptionalDouble.of(minute.left()));
        addMinutes(counts, "refused", minute -> OptionalDouble.of(minute.refused()));
        addMinutes(counts, "errors", minute -> OptionalDouble.of(minute.errorCount()));
        add(charts, "requests in each minute", counts);
        return LineChart.sheet(
                "soak of " + settings.get("model") + ", " + settings.get("requests_per_s") + " requests/s", charts);
    }

    private static void add(List<LineChart> charts, String title, Map<String, TimeSeries> curves) {
        if (!curves.isEmpty()) {
            charts.add(new LineChart(title, curves));
        }
    }

    private void addMinutes(
            Map<String, TimeSeries> curves, String name, Function<MinuteFigures, OptionalDouble> value) {
        List<TimeSeries.Point> points = new ArrayList<>();
        minutes.forEach(minute ->
                value.apply(minute).ifPresent(each -> points.add(new TimeSeries.Point(minute.minute(), each))));
        if (!points.isEmpty()) {
            curves.put(name, new TimeSeries(points));
        }
    }
}
