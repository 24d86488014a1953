package org.llavacluster.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

    private enum Format {
        F32,
        Q8_0
    }

    private enum Colour {
        RED
    }

    private static final String NAME = "llava.x";
    private static final PropertyGroup GROUP = new PropertyGroup("test");

    private static final Property<String> TEXT = GROUP.text(NAME).meaning("A text.");
    private static final Property<Path> FOLDER = GROUP.path(NAME, "a folder").meaning("A folder.");
    private static final Property<Path> NEEDED =
            GROUP.path(NAME, "the folder of a model").required().meaning("A folder.");
    private static final Property<Long> SMALL =
            GROUP.wholeNumber(NAME, 1, 9).otherwise(7L).meaning("A number.");
    private static final Property<Long> LARGE =
            GROUP.wholeNumber(NAME, 0, Long.MAX_VALUE).meaning("A number.");
    private static final Property<Boolean> FLAG =
            GROUP.flag(NAME).otherwise(false).meaning("A flag.");
    private static final Property<String> FORMAT =
            GROUP.choice(NAME, "f32", "q8_0").otherwise("q8_0").meaning("A choice.");
    private static final Property<Duration> TIME = GROUP.time(NAME, Duration.ZERO, Duration.ofHours(1))
            .otherwise(Duration.ofSeconds(3))
            .meaning("A time.");
    private static final Property<String> KEY = GROUP.text(NAME, Pattern.compile("[0-9a-f]{2}"), "be two digits", "")
            .secret()
            .meaning("A key.");

    private static Settings having(String value) {
        return new Settings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(Map.of(NAME, value), "test", 100))
                .build());
    }

    @Test
    void shouldTakeDefaultsWhereNothingOrNothingButSpaceIsGiven() {
        for (Settings settings : new Settings[] {having("  "), new Settings(new SmallRyeConfigBuilder().build())}) {
            assertThat(settings.find(TEXT)).isEmpty();
            assertThat(settings.find(FOLDER)).isEmpty();
            assertThat(settings.integer(SMALL)).isEqualTo(7);
            assertThat(settings.find(LARGE)).isEmpty();
            assertThat(settings.get(FLAG)).isFalse();
            assertThat(settings.choice(FORMAT, Format.class)).isEqualTo(Format.Q8_0);
            assertThat(settings.findChoice(FORMAT, Format.class)).isEmpty();
            assertThat(settings.get(TIME)).isEqualTo(Duration.ofSeconds(3));
            assertThatThrownBy(() -> settings.get(NEEDED))
                    .isInstanceOf(PropertyException.class)
                    .hasMessage("llava.x must name the folder of a model, not ''");
        }
    }

    @Test
    void shouldReadValues() {
        assertThat(having("models/a").find(FOLDER)).contains(Path.of("models/a"));
        assertThat(having("8000000000").find(LARGE)).contains(8_000_000_000L);
        assertThat(having("TRUE").get(FLAG)).isTrue();
        assertThat(having("F32").choice(FORMAT, Format.class)).isEqualTo(Format.F32);
        assertThat(having("f32").findChoice(FORMAT, Format.class)).contains(Format.F32);
        assertThat(having(" a b ").find(TEXT)).contains("a b");
    }

    @Test
    void shouldTakeNumbersUpToTheirBoundsAndNoFurther() {
        AtLimit.of(9)
                .accepted(value -> assertThat(having(value + "").integer(SMALL)).isEqualTo((int) value))
                .refused(value ->
                        expect(value + "", SMALL, "llava.x must be a whole number from 1 to 9, not '" + value + "'"));
        expect("0", SMALL, "llava.x must be a whole number from 1 to 9, not '0'");
    }

    @ParameterizedTest
    @CsvSource({"30,30000", "30s,30000", "5m,300000", "0.5s,500", "PT1M,60000"})
    void shouldReadTimes(String written, long millis) {
        assertThat(having(written).get(TIME)).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void shouldNamePropertyRuleAndValueOnOneLine() {
        expect("q5", FORMAT, "llava.x must be one of f32, q8_0, not 'q5'");
        expect("1e3", SMALL, "llava.x must be a whole number from 1 to 9, not '1e3'");
        expect("ja", FLAG, "llava.x must be true or false, not 'ja'");
        expect("two\nlines", TIME, "llava.x must be a time such as 30s, from 0 ms to 3600 s, not 'two?lines'");
        expect("2h", TIME, "llava.x must be a time such as 30s, from 0 ms to 3600 s, not '2h'");
        expect("x".repeat(5_000), FLAG, "llava.x must be true or false, not '" + "x".repeat(80) + "...'");
    }

    @Test
    void shouldNotShowASecret() {
        expect("xyz", KEY, "llava.x must be two digits");
    }

    @Test
    void shouldRefuseAnEnumWithOtherConstantsThanThoseDeclared() {
        assertThatThrownBy(() -> having("f32").choice(FORMAT, Colour.class))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("llava.x is declared with other values than [red]");
    }

    private static void expect(String value, Property<?> property, String message) {
        assertThatThrownBy(() -> having(value).get(property))
                .isInstanceOf(PropertyException.class)
                .hasMessage(message);
    }
}
