package org.llavacluster.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class SoakReportTest {

    @Test
    void shouldWriteSlopesMinutesAndSeries() throws Exception {
        JsonNode json = new ObjectMapper().readTree(report(0.5).toJson());

        assertThat(json.path("bench").asText()).isEqualTo("soak");
        assertThat(json.path("passed").asBoolean()).isTrue();
        assertThat(json.path("slopes").path(0).path("process").asText()).isEqualTo("gateway-0");
        assertThat(json.path("slopes").path(0).path("figure").asText()).isEqualTo("resident_mb");
        assertThat(json.path("slopes").path(0).path("per_minute").asDouble()).isEqualTo(0.25);
        assertThat(json.path("minutes").path(0).path("answer_p99_ms").asDouble())
                .isEqualTo(30);
        assertThat(json.path("series").path("gateway-0").path("threads")).hasSize(3);
    }

    @Test
    void shouldFailAtTheLimit() {
        assertThat(report(0.5).exitCode()).isZero();
        assertThat(report(0.25).exitCode()).isOne();
        assertThat(report(0.25).toTable())
                .endsWith("- gateway-0: its resident memory grows by 0.25 MB/min, which is not below 0.25");
    }

    @Test
    void shouldDrawACurveForEachFigure() throws Exception {
        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(report(0.5).toSvg())));

        // Memory and threads of the process; two latencies twice; four counts.
        assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(2 + 4 + 4);
    }

    @Test
    void shouldWriteTablesInMarkdown() {
        assertThat(report(0.5).toMarkdown("soak.svg"))
                .contains("![All series over time](soak.svg)")
                .contains("| process | figure | first | most | last | per_minute |")
                .contains("| gateway-0 | resident_mb | 800.000 | 1000.500 | 1000.500 | 0.250 |")
                .contains("after the first 5 minutes");
    }

    private static SoakReport report(double limit) {
        Map<ProcessFigure, TimeSeries> figures = new EnumMap<>(ProcessFigure.class);
        figures.put(ProcessFigure.RESIDENT, series(800, 1000, 1000.5));
        figures.put(ProcessFigure.THREADS, series(30, 31, 31));
        Map<String, Map<ProcessFigure, TimeSeries>> processes = Map.of("gateway-0", figures);
        MinuteFigures minute = new MinuteFigures(0, 5, 1, 1, Map.of("TEXT GRPC 503", 2L), latency(10), latency(30));
        return new SoakReport(
                Map.of("model", "tiny", "minutes", 7),
                5,
                processes,
                List.of(minute),
                Map.of(SoakKind.TEXT, 9L),
                3,
                Map.of(),
                SoakVerdict.of(SoakReport.residentSlopes(processes, 5), limit, List.of()));
    }

    private static TimeSeries series(double first, double second, double third) {
        return new TimeSeries(List.of(
                new TimeSeries.Point(0, first), new TimeSeries.Point(5, second), new TimeSeries.Point(7, third)));
    }

    private static MinuteFigures.Latency latency(double millis) {
        return new MinuteFigures.Latency(OptionalDouble.of(millis), OptionalDouble.of(millis));
    }
}
