package org.llavacluster.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.SimdBackend;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.fixture.Fixture;

/**
 * On the SIMD engine the logits of a sequence, images included, have the same bits in whatever program and with
 * whatever other sequences a row is computed. The answers are the reference's, so that every step of every run can be
 * compared.
 */
class SharedStepsTest {

    private static final int BLOCK_TOKENS = 16;
    private static final int BLOCKS = 160;
    private static final int MOST_CHUNK = 60;

    /** How often steps were shared. */
    private record Tally(int shared, int decodesBesidePrefill) {}

    @ParameterizedTest
    @CsvSource({"F32,F32,2", "BF16,BF16,3", "Q8_0,F16,5", "Q4_0,F16,1"})
    void shouldGiveTheSameLogitsAloneAndInAnyCompany(WeightsFormat format, DType kv, int threads) {
        Fixture fixture = Fixture.open("llava-1.5-tiny");
        List<Conversation> conversations = fixture.cases().subList(0, 6).stream()
                .map(golden -> Conversation.of(fixture, golden))
                .toList();
        List<List<int[]>> alone = new ArrayList<>();
        try (SimdBackend backend = new SimdBackend(format, 1);
                Checkpoint checkpoint = fixture.checkpoint();
                DecoderModel model = load(backend, fixture, checkpoint, kv)) {
            for (Conversation conversation : conversations) {
                Sequence sequence = new Sequence(conversation, freeBlocks(1));
                while (!sequence.isFinished()) {
                    step(model, List.of(sequence), List.of(sequence.next(Integer.MAX_VALUE / 2)));
                }
                alone.add(sequence.logits);
            }
        }
        try (SimdBackend backend = new SimdBackend(format, threads);
                Checkpoint checkpoint = fixture.checkpoint();
                DecoderModel model = load(backend, fixture, checkpoint, kv)) {
            for (long seed = 1; seed <= 3; seed++) {
                assertTogether(model, conversations, alone, seed);
            }
        }
    }

    private static void assertTogether(
            DecoderModel model, List<Conversation> conversations, List<List<int[]>> alone, long seed) {
        Random random = new Random(seed);
        List<Integer> blocks = freeBlocks(seed);
        List<Sequence> sequences = conversations.stream()
                .map(conversation -> new Sequence(conversation, blocks))
                .toList();
        Tally tally = new Tally(0, 0);
        while (!sequences.stream().allMatch(Sequence::isFinished)) {
            List<Sequence> members = new ArrayList<>();
            List<SequenceRows> rows = new ArrayList<>();
            for (Sequence sequence : sequences) {
                if (!sequence.isFinished() && random.nextInt(3) != 0) {
                    members.add(sequence);
                    rows.add(sequence.next(1 + random.nextInt(MOST_CHUNK)));
                }
            }
            if (!members.isEmpty()) {
                boolean prefill = members.stream().anyMatch(Sequence::isReading);
                boolean decode = !members.stream().allMatch(Sequence::isReading);
                tally = new Tally(
                        tally.shared + (members.size() > 1 ? 1 : 0),
                        tally.decodesBesidePrefill + (prefill && decode ? 1 : 0));
                step(model, members, rows);
            }
        }
        assertThat(tally.shared).as("seed %s", seed).isGreaterThan(10);
        assertThat(tally.decodesBesidePrefill).as("seed %s", seed).isPositive();
        for (int i = 0; i < sequences.size(); i++) {
            List<int[]> logits = sequences.get(i).logits;
            assertThat(logits).hasSameSizeAs(alone.get(i));
            for (int token = 0; token < logits.size(); token++) {
                assertThat(logits.get(token))
                        .as("seed %s, %s, token %s", seed, conversations.get(i).golden(), token)
                        .isEqualTo(alone.get(i).get(token));
            }
        }
    }

    private static DecoderModel load(SimdBackend backend, Fixture fixture, Checkpoint checkpoint, DType kv) {
        return DecoderModel.load(
                backend,
                fixture.config(),
                checkpoint,
                DecoderModel.kvLayout(fixture.config().decoder(), BLOCKS, BLOCK_TOKENS, kv));
    }

    private static List<Integer> freeBlocks(long seed) {
        List<Integer> blocks =
                new ArrayList<>(IntStream.range(0, BLOCKS).boxed().toList());
        Collections.shuffle(blocks, new Random(seed));
        return blocks;
    }

    private static void step(DecoderModel model, List<Sequence> members, List<SequenceRows> rows) {
        try (StepLogits logits = model.step(rows)) {
            int row = 0;
            for (int i = 0; i < rows.size(); i++) {
                Sequence member = members.get(i);
                member.done += rows.get(i).rows();
                if (rows.get(i).wantsLogits()) {
                    member.logits.add(logits.row(row++).toArray(ValueLayout.JAVA_INT_UNALIGNED));
                }
            }
        }
    }

    /** A conversation in progress: its prompt in chunks, then the reference's answer id by id. */
    private static final class Sequence {

        private final Conversation conversation;
        private final int[] blocks;
        private final List<int[]> logits = new ArrayList<>();
        private int done;

        Sequence(Conversation conversation, List<Integer> free) {
            this.conversation = conversation;
            int positions = conversation.promptRows() + answer().length;
            List<Integer> own = free.subList(0, Math.ceilDiv(positions, BLOCK_TOKENS));
            this.blocks = own.stream().mapToInt(Integer::intValue).toArray();
            own.clear();
        }

        boolean isFinished() {
            return logits.size() == answer().length;
        }

        boolean isReading() {
            return done < conversation.promptRows();
        }

        SequenceRows next(int most) {
            int left = conversation.promptRows() - done;
            return left > 0
                    ? conversation.chunk(done, most, blocks, left <= most)
                    : SequenceRows.ofIds(done, blocks, Arrays.copyOfRange(answer(), -left, 1 - left), true);
        }

        private int[] answer() {
            return conversation.golden().greedyIds();
        }
    }
}
