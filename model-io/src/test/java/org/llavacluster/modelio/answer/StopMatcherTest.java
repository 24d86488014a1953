package org.llavacluster.modelio.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StopMatcherTest {

    @Test
    void shouldFindAStopAcrossPieces() {
        StopMatcher matcher = new StopMatcher(List.of("###"));

        assertThat(matcher.add("Yes#")).isEqualTo("Yes");
        assertThat(matcher.add("#")).isEmpty();
        assertThat(matcher.add("# Human")).isEmpty();
        assertThat(matcher.match()).contains("###");
        assertThat(matcher.finish()).isEmpty();
    }

    @Test
    void shouldReleaseWhatTurnsOutNotToBeAStop() {
        StopMatcher matcher = new StopMatcher(List.of("abcd", "bce"));

        assertThat(matcher.add("xabc")).isEqualTo("x");
        assertThat(matcher.add("e")).isEqualTo("a");
        assertThat(matcher.match()).contains("bce");
    }

    @Test
    void shouldGiveBackWhatIsHeldAtTheEnd() {
        StopMatcher matcher = new StopMatcher(List.of("END"));

        assertThat(matcher.add("the EN")).isEqualTo("the ");
        assertThat(matcher.finish()).isEqualTo("EN");
        assertThat(matcher.match()).isEmpty();
    }

    @Test
    void shouldPassEverythingWithoutStops() {
        StopMatcher matcher = new StopMatcher(List.of());

        assertThat(matcher.add("anything")).isEqualTo("anything");
        assertThat(matcher.finish()).isEmpty();
    }

    @Test
    void shouldPreferTheLongerOfTwoThatEndTogether() {
        StopMatcher matcher = new StopMatcher(List.of("c", "abc"));

        assertThat(matcher.add("xabc")).isEqualTo("x");
        assertThat(matcher.match()).contains("abc");
    }

    @Test
    void shouldRefuseAnEmptyStop() {
        assertThatThrownBy(() -> new StopMatcher(List.of("a", ""))).hasMessageContaining("must not be empty");
    }

    @Test
    void shouldAgreeWithASearchOfTheWholeText() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            List<String> stops = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                stops.add(letters(random, 1 + random.nextInt(5)));
            }
            String text = letters(random, random.nextInt(30));

            Oracle expected = Oracle.search(text, stops);
            StopMatcher matcher = new StopMatcher(stops);
            StringBuilder shown = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int end = Math.min(text.length(), at + random.nextInt(4));
                String released = matcher.add(text.substring(at, end));
                shown.append(released);
                at = end;
                String sure = text.substring(0, Math.min(at, expected.shown().length()));
                assertThat(shown.toString()).as("seed %d", seed).isEqualTo(sure.substring(0, shown.length()));
            }
            shown.append(matcher.finish());

            assertThat(shown.toString())
                    .as("seed %d, %s in %s", seed, stops, text)
                    .isEqualTo(expected.shown());
            assertThat(matcher.match())
                    .as("seed %d, %s in %s", seed, stops, text)
                    .isEqualTo(expected.match());
        }
    }

    private static String letters(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    /** Checks every prefix of the text for a stop at its end. */
    private record Oracle(String shown, Optional<String> match) {

        static Oracle search(String text, List<String> stops) {
            for (int end = 1; end <= text.length(); end++) {
                String prefix = text.substring(0, end);
                Optional<String> match =
                        stops.stream().filter(prefix::endsWith).reduce((a, b) -> b.length() > a.length() ? b : a);
                if (match.isPresent()) {
                    return new Oracle(prefix.substring(0, end - match.get().length()), match);
                }
            }
            return new Oracle(text, Optional.empty());
        }
    }
}
