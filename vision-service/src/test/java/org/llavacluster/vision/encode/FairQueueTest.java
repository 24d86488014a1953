package org.llavacluster.vision.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairQueueTest {

    private final FairQueue<String> line = new FairQueue<>();

    private String take() {
        return line.take(_ -> true).orElse("nothing");
    }

    @Test
    void shouldKeepTheOrderOfOneRequester() {
        line.add("a", 5, "a1");
        line.add("a", 1, "a2");
        line.add("a", 9, "a3");
        assertThat(List.of(take(), take(), take(), take())).containsExactly("a1", "a2", "a3", "nothing");
    }

    /**
     * Eight huge images of one requester: only the one already at work comes before another requester's small image.
     */
    @Test
    void shouldDelayANewRequesterByNoMoreThanOneItemOfAnother() {
        for (int already = 1; already < 8; already++) {
            FairQueue<String> huge = new FairQueue<>();
            for (int i = 0; i < 8; i++) {
                huge.add("greedy", 64_000_000, "huge");
            }
            for (int i = 0; i < already; i++) {
                assertThat(huge.take(_ -> true)).contains("huge");
            }
            huge.add("bystander", 1_000, "small");
            assertThat(huge.take(_ -> true)).as("after " + already).contains("small");
        }
    }

    @Test
    void shouldRememberWhatARequesterOwesThoughItsLineIsEmpty() {
        line.add("greedy", 64_000_000, "huge 1");
        assertThat(take()).isEqualTo("huge 1");
        line.add("greedy", 64_000_000, "huge 2");
        line.add("bystander", 1_000, "small");
        assertThat(take()).isEqualTo("small");
    }

    @Test
    void shouldNotKeepAWaitingItemFromItsTurnHoweverManyRequestersCome() {
        line.add("patient", 10, "first");
        line.add("patient", 10, "second");
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < 1_000 && !taken.contains("second"); i++) {
            line.add("new " + i, 10, "new");
            taken.add(take());
        }
        assertThat(taken).contains("second").hasSizeLessThan(100);
    }

    @Test
    void shouldPassOverWhatCannotGoAndKeepIt() {
        line.add("a", 1, "large");
        line.add("b", 1, "small");
        assertThat(line.take("small"::equals)).contains("small");
        assertThat(line.take("small"::equals)).isEmpty();
        assertThat(line.first()).contains("large");
        assertThat(line.remove(line.first().orElseThrow())).isTrue();
        assertThat(line.isEmpty()).isTrue();
    }

    @Test
    void shouldForgetRequesters() {
        for (int i = 0; i < 100_000; i++) {
            line.add("requester " + i, 7, "item");
            line.take(_ -> true);
        }
        assertThat(line.remembered()).isLessThanOrEqualTo(4096);
    }
}
