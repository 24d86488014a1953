package org.llavacluster.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llavacluster.cli.bench.RequestFigures.Asked;

class RequestFiguresTest {

    @Test
    void shouldGiveMediansAndWhatTheSecondQuestionTakesOfTheFirst() {
        RequestFigures figures = new RequestFigures(
                3,
                Map.of(),
                new Asked(20, 9, 591, 4),
                List.of(new Asked(9, 2, 591, 18), new Asked(5, 1, 591, 20), new Asked(8, 3, 591, 19)),
                List.of(new Asked(0.4, 0.1, 15, 21), new Asked(0.3, 0.2, 31, 20), new Asked(0.8, 0.3, 15, 25)));

        List<Map<String, Object>> rows = figures.rows();

        assertThat(rows).extracting(row -> row.get("question")).containsExactly("cold", "first", "second");
        assertThat(rows).extracting(row -> row.get("first_token_s")).containsExactly(20.0, 8.0, 0.4);
        assertThat(rows).extracting(row -> row.get("least_s")).containsExactly(20.0, 5.0, 0.3);
        assertThat(rows).extracting(row -> row.get("most_s")).containsExactly(20.0, 9.0, 0.8);
        assertThat(rows).extracting(row -> row.get("encode_s")).containsExactly(9.0, 2.0, 0.2);
        assertThat(rows).extracting(row -> row.get("rows_computed")).containsExactly(591L, 591L, 15L);
        assertThat(rows).extracting(row -> row.get("of_first")).containsExactly(2.5, 1.0, 0.05);
        assertThat(rows).extracting(row -> row.get("tokens_per_s")).containsExactly(4.0, 19.0, 21.0);
    }
}
