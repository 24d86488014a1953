package org.llavacluster.training.optimiser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.training.Goldens;

class CosineScheduleTest {

    @Test
    void shouldGiveTheReferencesRates() {
        List<JsonNode> cases = Goldens.items(Goldens.json("schedule.json").path("cases"));
        assertThat(cases).hasSize(10);
        for (JsonNode golden : cases) {
            double base = golden.path("base").doubleValue();
            CosineSchedule schedule =
                    CosineSchedule.withWarmup(base, golden.path("steps").intValue(), 0.03);
            assertThat(schedule.warmup()).isEqualTo(golden.path("warmup_steps").intValue());
            golden.path("lr").properties().forEach(rate -> assertThat(schedule.rate(Integer.parseInt(rate.getKey())))
                    .as("update %s of %s", rate.getKey(), schedule.updates())
                    .isCloseTo(rate.getValue().doubleValue(), within(base * 1e-15)));
        }
    }

    @Test
    void shouldRefuseWhatIsNoSchedule() {
        assertThatThrownBy(() -> CosineSchedule.withWarmup(1e-3, 10, 1.5)).hasMessageContaining("not 1.5");
        assertThatThrownBy(() -> CosineSchedule.withWarmup(Double.NaN, 10, 0)).hasMessageContaining("not NaN");
        assertThatThrownBy(() -> CosineSchedule.withWarmup(1e-3, 0, 0)).hasMessageContaining("0 updates");
    }
}
