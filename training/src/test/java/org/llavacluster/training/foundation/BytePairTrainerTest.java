package org.llavacluster.training.foundation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.training.foundation.BytePairTrainer.Encoding;
import org.llavacluster.training.foundation.BytePairTrainer.Merge;

class BytePairTrainerTest {

    @Test
    void shouldMergeTheMostFrequentPairFirstAndTheFirstInOrderOfEqualOnes() {
        BytePairTrainer trainer = new BytePairTrainer();
        trainer.add("ab ab abc");
        trainer.add("cb\ncb");

        Encoding encoding = trainer.learn(8);

        assertThat(encoding.characters()).containsExactly("a", "b", "c", "▁");
        assertThat(encoding.merges())
                .containsExactly(new Merge("a", "b"), new Merge("▁", "ab"), new Merge("c", "b"), new Merge("▁", "cb"));
    }

    @Test
    void shouldStopWhereNoPairOccursTwice() {
        BytePairTrainer trainer = new BytePairTrainer();
        trainer.add("ab cd");
        assertThat(trainer.learn(100).merges()).isEmpty();
    }

    @Test
    void shouldCountOverlappingPairsAsTheyAreMerged() {
        BytePairTrainer trainer = new BytePairTrainer();
        trainer.add("aaaa aaaa");
        assertThat(trainer.learn(5).merges())
                .containsExactly(new Merge("a", "a"), new Merge("aa", "aa"), new Merge("▁", "aaaa"));
    }

    @Test
    void shouldKeepCharactersBeyondTheFirstPlaneWhole() {
        BytePairTrainer trainer = new BytePairTrainer();
        trainer.add("🐕🐕 🐕🐕");
        Encoding encoding = trainer.learn(4);
        assertThat(encoding.characters()).containsExactlyInAnyOrder("▁", "🐕");
        assertThat(encoding.merges()).extracting(Merge::token).isEqualTo(List.of("▁🐕", "▁🐕🐕"));
    }

    @Test
    void shouldRefuseFewerTokensThanCharacters() {
        BytePairTrainer trainer = new BytePairTrainer();
        trainer.add("abcdef");
        assertThatThrownBy(() -> trainer.learn(6))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the text has 7 characters, more than 6 tokens");
    }
}
