package org.llavacluster.model.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.bench.Ceilings;
import org.llavacluster.engine.bench.Timing;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.decoder.DecoderModel;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.model.memory.MemoryDemand;
import org.llavacluster.modelio.config.DecoderConfig;

/** Measures a decoder with random weights: prefill of a prompt, and decoding of several sequences together. */
public final class DecodeBench implements AutoCloseable {

    private static final int BLOCK_TOKENS = 16;
    /** Number of steps, whose median is reported. */
    private static final int STEPS = 64;

    private static final int WARM_UPS = 48;

    private final DecoderConfig config;
    private final LoadedModel model;
    private final Ceilings ceilings;
    private final int blocksPerSequence;
    private final double loadSeconds;
    private final long matrixParameters;
    private final long matrixBytes;

    /**
     * @param tokensPerSecond of all sequences together
     * @param ofFlops fraction of the machine's peak, counting two operations per matrix parameter and token
     * @param ofBytes fraction of the read bandwidth, counting all matrices once per step; not meaningful for prefill
     */
    public record Figure(
            String what,
            int sequences,
            int context,
            double seconds,
            double tokensPerSecond,
            double ofFlops,
            double ofBytes) {}

    /**
     * The memory that {@link #DecodeBench} will take.
     *
     * @param kv how K and V are stored
     */
    public static MemoryDemand demand(DecoderShape shape, DType kv, int sequences, int context) {
        Map<WeightsFormat, Long> weights = new EnumMap<>(WeightsFormat.class);
        for (WeightsFormat format : WeightsFormat.values()) {
            weights.put(format, 0L);
        }
        for (Op op : DecoderProgram.decode(shape.config()).ops()) {
            if (op instanceof Op.Linear linear) {
                long rows = linear.weight().shape().getFirst().factor();
                weights.replaceAll((format, bytes) ->
                        bytes + format.bytes(rows, linear.weight().columns()));
            } else if (op instanceof Op.Embedding embedding) {
                long elements = embedding.table().shape().getFirst().factor()
                        * embedding.table().columns();
                weights.replaceAll((format, bytes) -> bytes + elements * RandomWeights.STORED.bytes());
            }
        }
        int blocks = sequences * Math.ceilDiv(context, BLOCK_TOKENS);
        KvLayout layout = DecoderModel.kvLayout(shape.config(), blocks, BLOCK_TOKENS, kv);
        return new MemoryDemand(weights, blocks * layout.blockBytes(), 1);
    }

    /**
     * Loads a decoder.
     *
     * @param weights how the backend holds weights
     * @param sequences largest number of sequences that will run together
     * @param context largest number of positions of each sequence
     */
    public DecodeBench(
            Backend backend,
            DecoderShape shape,
            WeightsFormat weights,
            DType kv,
            int sequences,
            int context,
            Ceilings ceilings) {
        this.config = shape.config();
        this.ceilings = ceilings;
        this.blocksPerSequence = Math.ceilDiv(context, BLOCK_TOKENS);
        List<Program> programs = List.of(DecoderProgram.decode(config), DecoderProgram.mixed(config));
        KvLayout layout = DecoderModel.kvLayout(config, sequences * blocksPerSequence, BLOCK_TOKENS, kv);
        long start = System.nanoTime();
        this.model = backend.load(programs, new RandomWeights(programs), Optional.of(layout));
        this.loadSeconds = (System.nanoTime() - start) * 1e-9;
        long parameters = 0;
        long bytes = 0;
        for (Op op : programs.getFirst().ops()) {
            if (op instanceof Op.Linear linear) {
                long rows = linear.weight().shape().getFirst().factor();
                parameters += rows * linear.weight().columns();
                bytes += weights.bytes(rows, linear.weight().columns());
            }
        }
        this.matrixParameters = parameters;
        this.matrixBytes = bytes;
    }

    /** Seconds that loading took, including the generation of the weights. */
    public double loadSeconds() {
        return loadSeconds;
    }

    /** Computes a prompt of that many rows in one step of an empty sequence. */
    public Figure prefill(int rows) {
        HostTensor embeddings = HostTensor.heap(DType.F32, 0, config.hiddenSize());
        Map<String, HostTensor> inputs = Map.of(
                DecoderProgram.IDS, ids(rows, 1),
                DecoderProgram.EMBEDDINGS, embeddings,
                DecoderProgram.ORDER, HostTensor.ofInts(IntStream.range(0, rows).toArray(), rows),
                DecoderProgram.POSITIONS,
                        HostTensor.ofInts(IntStream.range(0, rows).toArray(), rows),
                DecoderProgram.WANTED, HostTensor.ofInts(new int[] {rows - 1}, 1));
        KvStep step = new KvStep(List.of(new KvStep.Part(0, rows, table(0))));
        double seconds = Timing.median(
                1, 3, () -> model.run(DecoderProgram.MIXED, inputs, step).close());
        return figure("prefill", 1, rows, seconds, rows);
    }

    /**
     * Runs steps of one token for each of several sequences. The contents of their caches do not affect the time.
     *
     * @param context positions that each sequence already has
     */
    public Figure decode(int sequences, int context) {
        int[] next = {context};
        double seconds = Timing.median(WARM_UPS, STEPS, () -> {
            List<KvStep.Part> parts = new ArrayList<>();
            for (int i = 0; i < sequences; i++) {
                parts.add(new KvStep.Part(next[0], 1, table(i)));
            }
            int[] positions = new int[sequences];
            Arrays.fill(positions, next[0]++);
            Map<String, HostTensor> inputs = Map.of(
                    DecoderProgram.IDS, ids(sequences, next[0]),
                    DecoderProgram.POSITIONS, HostTensor.ofInts(positions, sequences));
            model.run(DecoderProgram.DECODE, inputs, new KvStep(parts)).close();
        });
        return figure("decode", sequences, context, seconds, sequences);
    }

    /** Positions that {@link #decode} needs in addition to its context. */
    public static int decodePositions() {
        return WARM_UPS + STEPS;
    }

    @Override
    public void close() {
        model.close();
    }

    private Figure figure(String what, int sequences, int context, double seconds, int tokens) {
        double gigaflops = 2e-9 * matrixParameters * tokens / seconds;
        double gigabytes = 1e-9 * matrixBytes / seconds;
        return new Figure(
                what,
                sequences,
                context,
                seconds,
                tokens / seconds,
                gigaflops / ceilings.gigaflops(),
                gigabytes / ceilings.gigabytes());
    }

    private HostTensor ids(int count, long seed) {
        return HostTensor.ofInts(
                new Random(seed).ints(count, 0, config.vocabulary()).toArray(), count);
    }

    private int[] table(int sequence) {
        return IntStream.range(sequence * blocksPerSequence, (sequence + 1) * blocksPerSequence)
                .toArray();
    }
}
