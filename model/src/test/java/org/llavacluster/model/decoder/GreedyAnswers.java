package org.llavacluster.model.decoder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.model.sampling.Sampled;
import org.llavacluster.model.sampling.Sampler;
import org.llavacluster.model.sampling.SamplingParams;
import org.llavacluster.modelio.config.DecoderConfig;

/** Greedy answers of a decoder through its KV cache. */
public final class GreedyAnswers {

    static final int BLOCK_TOKENS = 16;
    private static final int BLOCKS = 128;

    private final DecoderModel model;
    private final List<Integer> freeBlocks = new ArrayList<>();

    /** An answer with the logits that each id was chosen from. */
    public record Answer(List<Integer> ids, List<float[]> logits) {

        public int[] idArray() {
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /**
     * @param seed seed of the random order in which blocks are handed out
     */
    public GreedyAnswers(DecoderModel model, long seed) {
        this.model = model;
        for (int block = 0; block < BLOCKS; block++) {
            freeBlocks.add(block);
        }
        Collections.shuffle(freeBlocks, new Random(seed));
    }

    static KvLayout layout(DecoderConfig config) {
        return DecoderModel.kvLayout(config, BLOCKS, BLOCK_TOKENS, DType.F32);
    }

    /**
     * Answers all conversations in common steps: each is prefilled in chunks of at most that many rows, then decodes
     * while others are still prefilled.
     */
    public List<Answer> of(List<Conversation> conversations, int chunkRows) {
        List<Running> all = new ArrayList<>();
        conversations.forEach(conversation -> all.add(new Running(conversation)));
        for (List<Running> running = all; !running.isEmpty(); running = unfinished(all)) {
            List<SequenceRows> rows = new ArrayList<>();
            running.forEach(one -> rows.add(one.next(chunkRows)));
            try (StepLogits logits = model.step(rows)) {
                int row = 0;
                for (int i = 0; i < rows.size(); i++) {
                    running.get(i).advance(rows.get(i).rows());
                    if (rows.get(i).wantsLogits()) {
                        running.get(i).take(logits, row++);
                    }
                }
            }
        }
        all.forEach(one -> {
            for (int block : one.blocks) {
                freeBlocks.add(block);
            }
        });
        return all.stream().map(one -> one.answer).toList();
    }

    private static List<Running> unfinished(List<Running> all) {
        return all.stream().filter(one -> !one.isFinished()).toList();
    }

    private final class Running {

        private final Conversation conversation;
        private final Answer answer = new Answer(new ArrayList<>(), new ArrayList<>());
        private final int[] blocks;
        private int done;

        Running(Conversation conversation) {
            this.conversation = conversation;
            int positions = conversation.promptRows() + conversation.golden().greedyIds().length;
            this.blocks = new int[Math.ceilDiv(positions, BLOCK_TOKENS)];
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = freeBlocks.removeFirst();
            }
        }

        boolean isFinished() {
            return answer.ids().size() == conversation.golden().greedyIds().length;
        }

        SequenceRows next(int chunkRows) {
            if (done < conversation.promptRows()) {
                boolean last = done + chunkRows >= conversation.promptRows();
                return conversation.chunk(done, chunkRows, blocks, last);
            }
            return SequenceRows.ofIds(done, blocks, new int[] {answer.ids().getLast()}, true);
        }

        void advance(int rows) {
            done += rows;
        }

        void take(StepLogits logits, int row) {
            Sampler sampler = new Sampler(logits.vocabulary());
            Sampled sampled = sampler.sample(
                    SamplingParams.GREEDY,
                    logits.row(row),
                    new int[0],
                    0,
                    answer.ids().size());
            answer.ids().add(sampled.id());
            answer.logits().add(logits.row(row).toArray(HostTensor.FLOAT));
        }
    }
}
