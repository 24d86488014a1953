package org.llavacluster.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private enum Format {
        F32,
        Q8_0
    }

    private static final String NAME = "llava.x";

    private static Settings having(String value) {
        return new Settings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(Map.of(NAME, value), "test", 100))
                .build());
    }

    @Test
    void shouldTakeDefaultsWhereNothingOrNothingButSpaceIsGiven() {
        for (Settings settings : new Settings[] {having("  "), new Settings(new SmallRyeConfigBuilder().build())}) {
            assertThat(settings.text(NAME)).isEmpty();
            assertThat(settings.path(NAME)).isEmpty();
            assertThat(settings.integer(NAME, 7, 1, 9)).isEqualTo(7);
            assertThat(settings.whole(NAME, 1, 9)).isEmpty();
            assertThat(settings.flag(NAME, true)).isTrue();
            assertThat(settings.choice(NAME, Format.Q8_0)).isEqualTo(Format.Q8_0);
            assertThat(settings.duration(NAME, Duration.ofSeconds(3), Duration.ZERO, Duration.ofDays(1)))
                    .isEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void shouldReadValues() {
        assertThat(having("models/a").path(NAME)).contains(Path.of("models/a"));
        assertThat(having("9").integer(NAME, 7, 1, 9)).isEqualTo(9);
        assertThat(having("8000000000").whole(NAME, 0, Long.MAX_VALUE)).hasValue(8_000_000_000L);
        assertThat(having("TRUE").flag(NAME, false)).isTrue();
        assertThat(having("q8_0").choice(NAME, Format.F32)).isEqualTo(Format.Q8_0);
    }

    @ParameterizedTest
    @CsvSource({"30,30000", "30s,30000", "5m,300000", "0.5s,500", "PT1M,60000"})
    void shouldReadTimes(String written, long millis) {
        assertThat(having(written).duration(NAME, Duration.ZERO, Duration.ZERO, Duration.ofDays(1)))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void shouldNamePropertyRuleAndValueOnOneLine() {
        expect("q5", settings -> settings.choice(NAME, Format.F32), "llava.x must be one of f32, q8_0, not 'q5'");
        expect("0", s -> s.integer(NAME, 7, 1, 9), "llava.x must be a whole number from 1 to 9, not '0'");
        expect("1e3", s -> s.integer(NAME, 7, 1, 9), "llava.x must be a whole number from 1 to 9, not '1e3'");
        expect("ja", s -> s.flag(NAME, true), "llava.x must be true or false, not 'ja'");
        expect(
                "two\nlines",
                s -> s.duration(NAME, Duration.ZERO, Duration.ZERO, Duration.ofHours(1)),
                "llava.x must be a time such as 30s, from 0 ms to 3600 s, not 'two?lines'");
        expect(
                "x".repeat(5_000),
                s -> s.flag(NAME, true),
                "llava.x must be true or false, not '" + "x".repeat(80) + "...'");
    }

    private static void expect(String value, Function<Settings, Object> read, String message) {
        assertThatThrownBy(() -> read.apply(having(value)))
                .isInstanceOf(PropertyException.class)
                .hasMessage(message);
    }
}
