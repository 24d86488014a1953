package org.llavacluster.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel.Traffic;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.fixture.Backends;
import org.llavacluster.model.fixture.Deviation;
import org.llavacluster.model.fixture.Fixture;

class DecoderModelTest {

    private static final int[] BLOCKS = {5, 2, 9};

    /** For logits of magnitude 30. */
    private static final double BOUND = 5e-4;

    private static final long SEED = 11;

    static Stream<Arguments> models() {
        return Backends.with(Fixture.MODELS);
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldGiveTheReferencesLogitsAtEveryGreedyStep(Backends backends, String name) {
        Fixture fixture = Fixture.open(name);
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                DecoderModel model = load(backend, fixture, checkpoint)) {
            GreedyAnswers answers = new GreedyAnswers(model, SEED);
            for (Conversation conversation : conversations(fixture)) {
                GreedyAnswers.Answer answer =
                        answers.of(List.of(conversation), Integer.MAX_VALUE / 2).getFirst();
                assertAsReference(fixture, conversation, answer);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldGiveTheSameInChunksAndTogetherWithOthers(Backends backends, String name) {
        Fixture fixture = Fixture.open(name);
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                DecoderModel model = load(backend, fixture, checkpoint)) {
            List<Conversation> conversations = conversations(fixture);
            // 13 is coprime to the block size, so chunks end inside of blocks, images and texts.
            List<GreedyAnswers.Answer> together = new GreedyAnswers(model, SEED).of(conversations, 13);
            for (int i = 0; i < conversations.size(); i++) {
                assertAsReference(fixture, conversations.get(i), together.get(i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMoveOnlyIdsInAndLogitsOutWhenDecoding(Backends backends) {
        Fixture fixture = Fixture.open("llava-1.5-tiny");
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                DecoderModel model = load(backend, fixture, checkpoint)) {
            step(model, 0, 1, 2, 3);
            Traffic before = model.traffic();
            step(model, 3, 4);
            Traffic after = model.traffic();
            int vocabulary = fixture.config().decoder().vocabulary();
            assertThat(after.fetchedBytes() - before.fetchedBytes()).isEqualTo((long) vocabulary * Float.BYTES);
            // One id, its position, and where K and V of the positions are.
            assertThat(after.fedBytes() - before.fedBytes()).isBetween(8L, 256L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseIdsOutsideTheVocabularyAndLeaveTheCacheAlone(Backends backends) {
        Fixture fixture = Fixture.open("llava-1.5-tiny");
        int vocabulary = fixture.config().decoder().vocabulary();
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                DecoderModel model = load(backend, fixture, checkpoint)) {
            float[] expected = step(model, 0, 1, 2, 3);
            assertThatThrownBy(() -> step(model, 0, -200)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> step(model, 0, 5, vocabulary)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> step(model, 3 * GreedyAnswers.BLOCK_TOKENS, 5))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(step(model, 2, 3)).usingComparatorWithPrecision(1e-3f).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadEmbeddingsInHalfFloats(Backends backends) {
        Fixture fixture = Fixture.open("llava-1.5-tiny");
        HostTensor floats = fixture.golden("scene.png/projected");
        HostTensor halves = HostTensor.heap(DType.F16, floats.shape());
        FloatConversion.convert(DType.F32, floats.bytes(), DType.F16, halves.bytes());
        HostTensor rounded = HostTensor.heap(DType.F32, floats.shape());
        FloatConversion.convert(DType.F16, halves.bytes(), DType.F32, rounded.bytes());
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                DecoderModel model = load(backend, fixture, checkpoint)) {
            float[] fromHalves = step(model, halves, new RowRun.Ids(new int[] {1}), new RowRun.Image(0, 3, 30));
            float[] fromFloats = step(model, rounded, new RowRun.Ids(new int[] {1}), new RowRun.Image(0, 3, 30));
            assertThat(Deviation.absolute(fromHalves, fromFloats)).isLessThanOrEqualTo(BOUND);
            assertThatThrownBy(() -> step(model, HostTensor.heap(DType.F16, 4, 63), new RowRun.Image(0, 0, 4)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[4, 63]");
        }
    }

    private static List<Conversation> conversations(Fixture fixture) {
        return fixture.cases().stream()
                .map(golden -> Conversation.of(fixture, golden))
                .toList();
    }

    private static void assertAsReference(Fixture fixture, Conversation conversation, GreedyAnswers.Answer answer) {
        String name = conversation.golden().name();
        assertThat(answer.idArray()).as(name).isEqualTo(conversation.golden().greedyIds());
        float[] golden = fixture.golden(name + "/logits").toFloats();
        int vocabulary = golden.length / answer.logits().size();
        for (int step = 0; step < answer.logits().size(); step++) {
            float[] expected = Arrays.copyOfRange(golden, step * vocabulary, (step + 1) * vocabulary);
            assertThat(Deviation.absolute(answer.logits().get(step), expected))
                    .as("%s, step %s", name, step)
                    .isLessThanOrEqualTo(BOUND);
        }
    }

    private static DecoderModel load(Backend backend, Fixture fixture, Checkpoint checkpoint) {
        return DecoderModel.load(
                backend,
                fixture.config(),
                checkpoint,
                GreedyAnswers.layout(fixture.config().decoder()));
    }

    /** The logits of the last row of a sequence in those blocks. */
    private static float[] step(DecoderModel model, int start, int... ids) {
        return step(model, SequenceRows.ofIds(start, BLOCKS, ids, true));
    }

    private static float[] step(DecoderModel model, HostTensor image, RowRun... runs) {
        return step(model, new SequenceRows(0, BLOCKS, List.of(runs), _ -> image, true));
    }

    private static float[] step(DecoderModel model, SequenceRows rows) {
        try (StepLogits logits = model.step(List.of(rows))) {
            return logits.row(0).toArray(HostTensor.FLOAT);
        }
    }
}
