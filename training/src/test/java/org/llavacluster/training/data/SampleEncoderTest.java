package org.llavacluster.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.training.Goldens;
import org.llavacluster.training.data.ConversationTurn.Speaker;

class SampleEncoderTest {

    private static final ModelFolder MODEL = Goldens.model("llava-1.5-tiny");
    private static final Tokenizer TOKENIZER = Tokenizer.load(MODEL);
    private static final JsonNode MASKING = Goldens.json("masking.json");
    private static final int MAX_LENGTH = MASKING.path("max_length").intValue();
    private static final int IMAGE_ROWS = MASKING.path("image_rows").intValue();

    record Case(String name, JsonNode golden) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Goldens.items(MASKING.path("cases")).stream()
                .map(golden -> new Case(
                        golden.path("template").textValue() + " "
                                + golden.path("sample").path("id").textValue(),
                        golden));
    }

    @Test
    void shouldHaveAllPublishedCases() {
        assertThat(cases()).hasSize(44);
        assertThat(MASKING.path("image_id").intValue()).isEqualTo(MODEL.config().imageTokenId());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldGiveTheReferencesIdsAndLabels(Case golden) {
        TrainingTemplate template = TrainingTemplate.valueOf(
                golden.golden().path("template").textValue().toUpperCase(Locale.ROOT));
        ConversationRecord conversation = conversation(golden.golden().path("sample"));

        TokenSample sample = encoder(template).encode(conversation);

        assertThat(template.render(conversation.preparedTurns()).text())
                .isEqualTo(golden.golden().path("prompt").textValue());
        assertThat(sample.ids()).isEqualTo(Goldens.ints(golden.golden().path("input_ids")));
        assertThat(sample.labels()).isEqualTo(Goldens.ints(golden.golden().path("labels")));

        TokenSample merged = encoder(template).encode(conversation, IMAGE_ROWS);

        assertThat(merged.ids()).isEqualTo(Goldens.ints(golden.golden().path("expanded_ids")));
        assertThat(merged.labels()).isEqualTo(Goldens.ints(golden.golden().path("expanded_labels")));
        assertThat(merged.targets())
                .isEqualTo(golden.golden().path("targets_after_cut").intValue());
    }

    @Test
    void shouldRefuseTurnsThatTheTemplateCannotHold() {
        ConversationTurn question = new ConversationTurn(Speaker.HUMAN, "What?");
        ConversationTurn answer = new ConversationTurn(Speaker.GPT, "A dog.");

        assertThatThrownBy(() -> encode(TrainingTemplate.V1, question, question, answer))
                .hasMessage("two turns of one speaker follow each other");
        assertThatThrownBy(() -> encode(TrainingTemplate.V1)).hasMessage("the conversation is empty");
        assertThatThrownBy(() -> encode(TrainingTemplate.PLAIN, question, answer, question))
                .isInstanceOf(UnusableRecordException.class)
                .hasMessageContaining("two turns");
    }

    @Test
    void shouldNotCountTheSpaceThatANewerTokenizerOmitsAfterAStop() {
        Tokenizer newer = Tokenizer.load(MODEL, Optional.of(false));
        SampleEncoder encoder =
                new SampleEncoder(newer, MODEL.config().imageTokenId(), TrainingTemplate.V1, MAX_LENGTH);
        TokenSample sample = encoder.encode(new ConversationRecord(
                "two rounds",
                Optional.empty(),
                List.of(
                        new ConversationTurn(Speaker.HUMAN, "What?"),
                        new ConversationTurn(Speaker.GPT, "A dog."),
                        new ConversationTurn(Speaker.HUMAN, "Why?"),
                        new ConversationTurn(Speaker.GPT, "It is."))));

        List<Integer> learned = new ArrayList<>();
        for (int label : sample.labels()) {
            if (label != TokenSample.IGNORED) {
                learned.add(label);
            }
        }
        assertThat(newer.decode(learned.stream().mapToInt(Integer::intValue).toArray()))
                .isEqualTo("A dog. It is.");
    }

    private static TokenSample encode(TrainingTemplate template, ConversationTurn... turns) {
        return encoder(template).encode(new ConversationRecord("made up", Optional.empty(), List.of(turns)));
    }

    private static SampleEncoder encoder(TrainingTemplate template) {
        return new SampleEncoder(TOKENIZER, MODEL.config().imageTokenId(), template, MAX_LENGTH);
    }

    private static ConversationRecord conversation(JsonNode sample) {
        List<ConversationTurn> turns = Goldens.items(sample.path("conversations")).stream()
                .map(turn -> new ConversationTurn(
                        Speaker.valueOf(turn.path("from").textValue().toUpperCase(Locale.ROOT)),
                        turn.path("value").textValue()))
                .toList();
        return new ConversationRecord(
                sample.path("id").textValue(),
                Optional.ofNullable(sample.path("image").textValue()),
                turns);
    }
}
