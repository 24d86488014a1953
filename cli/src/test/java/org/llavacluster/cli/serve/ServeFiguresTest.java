package org.llavacluster.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llavacluster.cli.bench.MetricsText;

class ServeFiguresTest {

    private static final long MILLI = 1_000_000;
    private static final ServeObjective OBJECTIVE = new ServeObjective(Duration.ofMillis(100), Duration.ofMillis(10));

    @Test
    void shouldCountOnlyAnswersWithinTheObjectiveAsGood() throws Exception {
        ServeFigures figures = new ServeFigures(3, 2, OBJECTIVE);
        figures.ended(new ServeEnd.Answered(0, 100 * MILLI, 190 * MILLI, 10));
        figures.ended(new ServeEnd.Answered(20 * MILLI, 101 * MILLI, 150 * MILLI, 10));
        figures.ended(new ServeEnd.Answered(0, 50 * MILLI, 250 * MILLI, 11));
        figures.ended(new ServeEnd.Answered(0, 50 * MILLI, 50 * MILLI, 1));
        figures.ended(new ServeEnd.Refused(7 * MILLI));
        figures.ended(new ServeEnd.Left());
        figures.ended(new ServeEnd.Failed("INTERNAL"));
        figures.stages(Map.of("encode_p50_ms", 12.5));
        assertThat(figures.goodput()).isEqualTo(1);
        ServeReport report = new ServeReport(Map.of("seed", 7), List.of(figures));
        JsonNode json = new ObjectMapper().readTree(report.toJson());
        assertThat(json.path("seed").asInt()).isEqualTo(7);
        JsonNode row = json.path("results").path(0);
        assertThat(row.path("answered").asInt()).isEqualTo(4);
        assertThat(row.path("refused").asInt()).isEqualTo(1);
        assertThat(row.path("left").asInt()).isEqualTo(1);
        assertThat(row.path("failed").asInt()).isEqualTo(1);
        assertThat(row.path("ttft_p99_ms").asDouble()).isBetween(100.9, 101.1);
        assertThat(row.path("images_encoded_p50_ms").asDouble()).isBetween(19.9, 20.1);
        assertThat(row.path("encode_p50_ms").asDouble()).isEqualTo(12.5);
        assertThat(report.toTable()).contains("offered_per_s", "goodput_per_s", "encode_p50_ms");
        assertThat(report.toSvg()).contains("1.00/s good");
    }

    @Test
    void shouldDrawTheSameRequestsFromTheSameSeed() {
        ServeMix mix = new ServeMix(11, 16, 24);
        ServeMix again = new ServeMix(11, 16, 24);
        Map<ServeKind, Integer> kinds = new EnumMap<>(ServeKind.class);
        for (int number = 0; number < 400; number++) {
            ServeRequest request = mix.at(number);
            kinds.merge(request.kind(), 1, Integer::sum);
            assertThat(again.at(number)).isEqualTo(request);
            assertThat(request.leaveAfter().isPresent()).isEqualTo(request.kind() == ServeKind.CANCELLED);
        }
        assertThat(kinds.get(ServeKind.TEXT)).isBetween(120, 200);
        assertThat(kinds.get(ServeKind.ONE_IMAGE)).isBetween(70, 130);
        assertThat(kinds).containsOnlyKeys(ServeKind.values());
    }

    @Test
    void shouldSpaceArrivalsExponentiallyAtTheRate() {
        PoissonArrivals arrivals = new PoissonArrivals(5, 50);
        long last = 0;
        int longer = 0;
        int count = 20_000;
        for (int i = 0; i < count; i++) {
            long due = arrivals.next();
            longer += due - last > 20 * MILLI ? 1 : 0;
            last = due;
        }
        assertThat(last / 1e9).isBetween(390.0, 410.0);
        // A gap is longer than the mean with probability 1/e.
        assertThat((double) longer / count).isBetween(0.355, 0.381);
    }

    @Test
    void shouldReadTheStagesOfTheTimeBetweenTwoLooks() {
        StageTimes before = StageTimes.of(new MetricsText("""
                llava_stage_seconds_bucket{stage="encode",le="0.1"} 5.0
                llava_stage_seconds_bucket{stage="encode",le="0.3"} 5.0
                llava_stage_seconds_bucket{stage="encode",le="+Inf"} 5.0
                """));
        StageTimes after = StageTimes.of(new MetricsText("""
                llava_stage_seconds_bucket{stage="encode",le="0.1"} 5.0
                llava_stage_seconds_bucket{stage="encode",le="0.3"} 9.0
                llava_stage_seconds_bucket{stage="encode",le="+Inf"} 10.0
                llava_stage_seconds_count{stage="encode"} 10.0
                """));
        StageTimes since = after.since(before);
        assertThat(since.millis("encode", 0.4)).isEqualTo(200, within(1e-6));
        assertThat(since.millis("encode", 0.99)).isEqualTo(300);
        assertThat(before.since(before).millis("encode", 0.5)).isNaN();
    }
}
