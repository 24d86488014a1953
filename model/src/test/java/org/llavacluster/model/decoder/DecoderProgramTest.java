package org.llavacluster.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.fixture.Backends;
import org.llavacluster.model.fixture.Deviation;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.fixture.GoldenCase;
import org.llavacluster.modelio.config.DecoderConfig;

class DecoderProgramTest {

    private static final double BOUND = 5e-4;

    static Stream<Arguments> models() {
        return Backends.with(Fixture.MODELS);
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldGiveAllLogitsOfAWholeSequenceWithoutACache(Backends backends, String name) {
        Fixture fixture = Fixture.open(name);
        DecoderConfig config = fixture.config().decoder();
        List<Program> programs = List.of(DecoderProgram.sequence(config));
        try (Backend backend = backends.open();
                Checkpoint checkpoint = fixture.checkpoint();
                LoadedModel model = backend.load(programs, checkpoint.weights(ModelPart.DECODER), Optional.empty())) {
            for (GoldenCase golden : fixture.cases()) {
                float[] expected = fixture.golden(golden.name() + "/logits").toFloats();
                float[] actual = answerLogits(backend, model, fixture, golden);
                assertThat(Deviation.absolute(actual, expected))
                        .as(golden.name())
                        .isLessThanOrEqualTo(BOUND);
            }
        }
    }

    /** The logits of the answer's ids, from one run over the prompt and all of the answer except its last id. */
    private static float[] answerLogits(Backend backend, LoadedModel model, Fixture fixture, GoldenCase golden) {
        int vocabulary = fixture.config().decoder().vocabulary();
        Conversation conversation = Conversation.of(fixture, golden);
        List<RowRun> runs = new ArrayList<>(conversation.prompt());
        int[] answered = Arrays.copyOf(golden.greedyIds(), golden.greedyIds().length - 1);
        runs.add(new RowRun.Ids(answered));
        SequenceRows rows = new SequenceRows(0, new int[0], runs, conversation.images()::get, false);
        try (StepInputs inputs =
                StepInputs.of(backend, fixture.config().decoder().hiddenSize(), List.of(rows))) {
            inputs.tensors().remove(DecoderProgram.WANTED);
            try (LoadedModel.Outputs outputs = model.run(DecoderProgram.SEQUENCE, inputs.tensors())) {
                HostTensor logits = outputs.get(DecoderProgram.LOGITS);
                assertThat(logits.shape()).containsExactly(rows.rows(), vocabulary);
                int first = (conversation.promptRows() - 1) * vocabulary;
                return Arrays.copyOfRange(logits.toFloats(), first, rows.rows() * vocabulary);
            }
        }
    }
}
