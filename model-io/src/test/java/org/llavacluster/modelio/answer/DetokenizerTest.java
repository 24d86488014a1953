package org.llavacluster.modelio.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.Fixtures;
import org.llavacluster.modelio.tokenizer.Tokenizer;

/** When text is returned. TokenizerEqualityTest compares the text itself with Hugging Face's. */
final class DetokenizerTest {

    private static final int BYTES = 3;
    private static final int BOS = 1;
    private static final int IMAGE = 699;

    private final Tokenizer tokenizer = Tokenizer.load(Fixtures.model("llava-1.5-tiny"));
    private final int space = tokenizer.idOf("▁");
    private final int letter = tokenizer.idOf("a");

    @Test
    void shouldHoldARunOfBytesUntilItEnds() {
        assertThat(pieces(letter, BYTES + 0xF0, BYTES + 0x9F, BYTES + 0xA6, BYTES + 0x99, letter))
                .containsExactly("a", "", "", "", "", "🦙a", "");
    }

    @Test
    void shouldReplaceEveryByteOfARunThatIsNoText() {
        assertThat(pieces(BYTES + 'A', BYTES + 0xF0, BYTES + 'B', letter)).containsExactly("", "", "", "���a", "");
        assertThat(pieces(BYTES + 0xF0)).containsExactly("", "�");
    }

    @Test
    void shouldPassOverSpecialTokensAndWhatIsNoToken() {
        assertThat(pieces(BOS, BYTES + 0xC3, IMAGE, -200, 703, Integer.MAX_VALUE, BYTES + 0xA9, letter))
                .containsExactly("", "", "", "", "", "", "", "éa", "");
    }

    @Test
    void shouldDropOneSpaceFromTheStartOfTheWhole() {
        assertThat(pieces(space, space, letter, space)).containsExactly("", " ", "a", " ", "");
        assertThat(pieces(BOS, letter, space)).containsExactly("", "a", " ", "");
    }

    @Test
    void shouldPutTogetherWhatDecodingGives() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            int[] ids = random.ints(random.nextInt(40), -1, 710).toArray();
            assertThat(String.join("", pieces(ids))).as("seed %d", seed).isEqualTo(tokenizer.decode(ids));
        }
    }

    @Test
    void shouldGiveTheBytesOfATokenAlone() {
        assertThat(tokenizer.bytesOf(BYTES + 0xF0)).containsExactly(0xF0);
        assertThat(tokenizer.bytesOf(space)).containsExactly(' ');
        assertThat(tokenizer.bytesOf(BOS)).containsExactly('<', 's', '>');
        assertThat(tokenizer.bytesOf(703)).isEmpty();
        assertThat(tokenizer.bytesOf(-1)).isEmpty();
    }

    /** The text returned for each id, and at the end. */
    private List<String> pieces(int... ids) {
        Detokenizer detokenizer = new Detokenizer(tokenizer);
        List<String> pieces = new ArrayList<>();
        for (int id : ids) {
            pieces.add(detokenizer.add(id));
        }
        pieces.add(detokenizer.finish());
        return pieces;
    }
}
