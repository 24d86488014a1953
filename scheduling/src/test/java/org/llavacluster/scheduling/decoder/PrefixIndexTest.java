package org.llavacluster.scheduling.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.name.PromptPrefixes;
import org.llavacluster.scheduling.worker.WorkerNode;
import org.llavacluster.scheduling.worker.Workers;

class PrefixIndexTest {

    private final WorkerNode a = Workers.node(Workers.decoder("a", 2, 1_000));
    private final WorkerNode b = Workers.node(Workers.decoder("b", 2, 1_000));

    private static PromptPrefixes prompt(long... digests) {
        return new PromptPrefixes(16, digests);
    }

    @Test
    void shouldFindTheLongestBeginningThatEachDecoderComputed() {
        PrefixIndex index = new PrefixIndex(100);
        index.computed(prompt(1, 2, 3), a);
        index.computed(prompt(1, 2, 9), b);
        assertThat(index.match(prompt(1, 2, 3, 4)))
                .containsExactlyInAnyOrder(new PrefixIndex.Match(a, 48), new PrefixIndex.Match(b, 32));
        assertThat(index.match(prompt(5))).isEmpty();
        assertThat(index.match(prompt())).isEmpty();
    }

    @Test
    void shouldForgetWhatADecoderDidNotFind() {
        PrefixIndex index = new PrefixIndex(100);
        index.computed(prompt(1, 2, 3), a);
        index.correct(prompt(1, 2, 3), a, 17);
        assertThat(index.match(prompt(1, 2, 3))).containsExactly(new PrefixIndex.Match(a, 16));
    }

    @Test
    void shouldHoldNoMoreThanItsBound() {
        PrefixIndex index = new PrefixIndex(10);
        for (int i = 0; i < 1_000; i++) {
            index.computed(prompt(i, -i), a);
        }
        assertThat(index.size()).isEqualTo(10);
        assertThat(index.match(prompt(999))).isNotEmpty();
        assertThat(index.match(prompt(1))).isEmpty();
    }
}
