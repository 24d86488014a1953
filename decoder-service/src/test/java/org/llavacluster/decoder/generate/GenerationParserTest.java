package org.llavacluster.decoder.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.LogitBias;
import org.llavacluster.proto.cluster.v1.SamplingSpec;
import org.llavacluster.proto.cluster.v1.Segment;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.cluster.v1.TokenIds;

/** Holds the limit {@code FixedLimits.STOP_IDS}. */
class GenerationParserTest {

    private static final int IMAGE_ID = 9;
    private final GenerationParser parser = new GenerationParser(10, 100, IMAGE_ID, "ours");

    @Test
    void shouldTakeWhatFitsExactly() {
        GenerationParser.Parsed parsed = parser.parse(start().build());
        assertThat(parsed.generation().prompt().rows()).isEqualTo(8);
        assertThat(parsed.generation().promptIds()).containsExactly(0, 1, 2, IMAGE_ID, 9);
        assertThat(parsed.images()).hasSize(1);
        assertThat(parsed.generation().sampling().isGreedy()).isTrue();
        assertThatCode(() -> parser.parse(start().setMaxTokens(92).build())).doesNotThrowAnyException();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("prompt", "at least one", start -> start.clearPrompt()),
                fault("prompt[0].tokens.ids[1]", "[0, 10), not 10", start -> ids(start, 3, 10)),
                fault("prompt[0].tokens.ids[0]", "[0, 10), not -1", start -> ids(start, -1)),
                fault("prompt[1]", "must be tokens or an image", start -> start.getPromptBuilder(1)
                        .clear()),
                fault("prompt[1].image.rows", "at least 1, not 0", start -> image(start)
                        .setRows(0)),
                fault("prompt[1].image.rows", "not -5", start -> image(start).setRows(-5)),
                fault("prompt[1].image.embedding_key", "not 0", start -> image(start)
                        .clearEmbeddingKey()),
                fault("prompt[1].image.feature_key", "not 129", start -> image(start)
                        .setFeatureKey(bytes(129))),
                fault("prompt[1].image.projector_node", "not 0", start -> image(start)
                        .clearProjectorNode()),
                fault("max_tokens", "at least 1, not 0", start -> start.setMaxTokens(0)),
                fault("max_tokens", "not -7", start -> start.setMaxTokens(-7)),
                fault("max_tokens", "93 exceeds the context of 100", start -> start.setMaxTokens(93)),
                fault(
                        "max_tokens",
                        "context of 100 with the prompt's 8 tokens and 0 produced",
                        start -> start.setMaxTokens(Integer.MAX_VALUE)),
                fault("max_tokens", "2147483651 tokens", start -> image(start).setRows(Integer.MAX_VALUE)),
                fault("numerics_id", "2 produced tokens", start -> start.addProduced(1)
                        .addProduced(2)),
                fault("produced[0]", "not 10", start -> start.addProduced(10).setNumericsId("ours")),
                fault("stop_ids[0]", "not 11", start -> start.addStopIds(11)),
                fault("stop_ids", "most 100 ids, not 101", start -> start.addAllStopIds(Collections.nCopies(101, 1))),
                fault("temperature", "NaN", start -> sampling(start).setTemperature(Float.NaN)),
                fault("temperature", "-1.0", start -> sampling(start).setTemperature(-1)),
                fault("top_p", "not 0.0", start -> sampling(start).setTopP(0)),
                fault("top_k", "not -1", start -> sampling(start).setTopK(-1)),
                fault("repetition_penalty", "not 0.0", start -> sampling(start).setRepetitionPenalty(0)),
                fault("presence_penalty", "not 3.0", start -> sampling(start).setPresencePenalty(3)),
                fault("frequency_penalty", "NaN", start -> sampling(start).setFrequencyPenalty(Float.NaN)),
                fault("logit_bias", "not 101.0", start -> sampling(start).addLogitBias(bias(3, 101))),
                fault("logit_bias[1]", "not 10", start -> sampling(start)
                        .addLogitBias(bias(3, 1))
                        .addLogitBias(bias(10, 1))),
                fault("min_tokens", "not -1", start -> start.setMinTokens(-1)),
                fault("min_tokens", "from 0 to 5, not 6", start -> start.setMinTokens(6)),
                fault("top_logprobs", "not 21", start -> start.setTopLogprobs(21)),
                fault("prefix_salt", "not 129", start -> start.setPrefixSalt(bytes(129))));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void shouldNameFieldLimitAndValue(String field, String message, Consumer<Start.Builder> fault) {
        Start.Builder start = start();
        fault.accept(start);
        FailureException thrown = catchThrowableOfType(FailureException.class, () -> parser.parse(start.build()));
        assertThat(thrown.failure()).isInstanceOfSatisfying(Failure.Invalid.class, invalid -> {
            assertThat(invalid.field()).isEqualTo(field);
            assertThat(invalid.message()).startsWith(field).contains(message);
        });
    }

    @Test
    void shouldRefuseToGoOnWithOtherNumerics() {
        Start start = start().addProduced(1).setNumericsId("theirs").build();
        FailureException thrown = catchThrowableOfType(FailureException.class, () -> parser.parse(start));
        assertThat(thrown.failure()).isInstanceOf(Failure.Precondition.class);
    }

    private static LogitBias.Builder bias(int id, float bias) {
        return LogitBias.newBuilder().setTokenId(id).setBias(bias);
    }

    private static Arguments fault(String field, String message, Consumer<Start.Builder> fault) {
        return arguments(field, message, fault);
    }

    /** 3 ids, 4 rows of an image, 1 id. */
    private static Start.Builder start() {
        return Start.newBuilder()
                .addPrompt(tokens(0, 1, 2))
                .addPrompt(Segment.newBuilder()
                        .setImage(ImageReference.newBuilder()
                                .setEmbeddingKey(bytes(128))
                                .setFeatureKey(bytes(1))
                                .setRows(4)
                                .setProjectorNode("projector-0")))
                .addPrompt(tokens(9))
                .setMaxTokens(5);
    }

    private static Segment.Builder tokens(Integer... ids) {
        return Segment.newBuilder().setTokens(TokenIds.newBuilder().addAllIds(List.of(ids)));
    }

    private static void ids(Start.Builder start, Integer... ids) {
        start.setPrompt(0, tokens(ids));
    }

    private static ImageReference.Builder image(Start.Builder start) {
        return start.getPromptBuilder(1).getImageBuilder();
    }

    private static SamplingSpec.Builder sampling(Start.Builder start) {
        return start.getSamplingBuilder().setTopP(1).setRepetitionPenalty(1);
    }

    private static ByteString bytes(int size) {
        return ByteString.copyFrom(new byte[size]);
    }
}
