package org.llavacluster.engine.simd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.contract.SmallDecoder;
import org.llavacluster.engine.program.Program;

/**
 * Sequences of random ids through a small decoder whose sizes fit no vector, that of a head perhaps excepted, in steps
 * of random compositions. What a sequence gets must not depend on them.
 */
record Bits(WeightsFormat format, DType kv, int headDim, int threads, int blockTokens, int length) {

    private static final int VOCABULARY = 101;
    private static final int SEQUENCES = 3;

    /** Sequences of more than one tile of attention. */
    Bits(WeightsFormat format, DType kv, int headDim, int threads, int blockTokens) {
        this(format, kv, headDim, threads, blockTokens, 90);
    }

    /** How the sequences are cut into steps. */
    interface Cut {

        /** How many rows of that sequence the next step has, of {@code left}; 0 if it is not in it. */
        int rows(int sequence, int left);
    }

    /** Each sequence alone and whole, one after the other. */
    static Cut alone() {
        int[] last = {Integer.MAX_VALUE};
        return (sequence, left) -> {
            // Sequences of a step are asked for in order: who is not behind the last one begins another step.
            boolean first = sequence <= last[0];
            last[0] = sequence;
            return first ? left : 0;
        };
    }

    /** All sequences whole, in one step. */
    static Cut whole() {
        return (sequence, left) -> left;
    }

    /** Some sequences, some rows of each, drawn with {@code seed}. */
    static Cut random(long seed) {
        Random random = new Random(seed);
        return (sequence, left) ->
                random.nextInt(3) == 0 ? 0 : Math.min(left, 1 + random.nextInt(random.nextBoolean() ? 3 : 70));
    }

    /** One step whose rows belong to more than one sequence, at least. */
    record Result(int[][] bits, boolean shared) {}

    /** The logits of all positions of each sequence as bits. */
    Result run(Cut cut) {
        int blocks = Math.ceilDiv(length, blockTokens);
        SmallDecoder decoder = new SmallDecoder(2, 6, 2, headDim, 75, VOCABULARY);
        KvLayout layout = decoder.layout(blocks * SEQUENCES, blockTokens, kv);
        Program program = decoder.program();
        int[][] bits = new int[SEQUENCES][length * VOCABULARY];
        int[] done = new int[SEQUENCES];
        boolean shared = false;
        try (SimdBackend backend = new SimdBackend(format, threads);
                LoadedModel model = backend.load(
                        List.of(program),
                        RandomTensors.weights(11, DType.F32, List.of(program)),
                        Optional.of(layout))) {
            while (IntStream.of(done).sum() < SEQUENCES * length) {
                List<Integer> members = new ArrayList<>();
                List<KvStep.Part> parts = new ArrayList<>();
                for (int s = 0; s < SEQUENCES; s++) {
                    int rows = done[s] == length ? 0 : cut.rows(s, length - done[s]);
                    if (rows > 0) {
                        int first = s;
                        // The blocks of the sequences lie between each other's.
                        int[] table = IntStream.range(0, blocks)
                                .map(b -> b * SEQUENCES + first)
                                .toArray();
                        members.add(s);
                        parts.add(new KvStep.Part(done[s], rows, table));
                    }
                }
                if (!parts.isEmpty()) {
                    step(model, members, parts, done, bits);
                    shared |= parts.size() > 1;
                }
            }
        }
        return new Result(bits, shared);
    }

    private void step(LoadedModel model, List<Integer> members, List<KvStep.Part> parts, int[] done, int[][] bits) {
        KvStep step = new KvStep(parts);
        int[] ids = new int[step.rows()];
        int[] positions = new int[step.rows()];
        int row = 0;
        for (int i = 0; i < parts.size(); i++) {
            int[] sequence =
                    new Random(members.get(i)).ints(length, 0, VOCABULARY).toArray();
            for (int p = 0; p < parts.get(i).rows(); p++, row++) {
                positions[row] = parts.get(i).start() + p;
                ids[row] = sequence[positions[row]];
            }
        }
        Map<String, HostTensor> inputs = Map.of(
                "ids", HostTensor.ofInts(ids, ids.length), "positions", HostTensor.ofInts(positions, ids.length));
        try (LoadedModel.Outputs outputs = model.run("decode", inputs, step)) {
            HostTensor logits = outputs.get("logits");
            long at = 0;
            for (int i = 0; i < parts.size(); i++) {
                int sequence = members.get(i);
                int count = parts.get(i).rows() * VOCABULARY;
                for (int j = 0; j < count; j++) {
                    bits[sequence][done[sequence] * VOCABULARY + j] = Float.floatToRawIntBits(logits.floatAt(at++));
                }
                done[sequence] += parts.get(i).rows();
            }
        }
    }
}
