package org.llavacluster.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.reference.ReferenceBackend;

/** Attention through the paged cache, whatever the steps a sequence is cut into and whoever shares them. */
public interface KvContract {

    Backend backend();

    double tolerance();

    static LongStream kvSeeds() {
        return LongStream.range(0, 8);
    }

    /** A sequence under way: its whole input and the blocks that it lives in. */
    record Sequence(int[] ids, int[] blocks) {

        /** The rows from {@code start}, at most {@code rows}. */
        KvStep.Part part(int start, int rows) {
            return new KvStep.Part(start, Math.min(rows, ids.length - start), blocks);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("org.llavacluster.engine.contract.KvContract#kvSeeds")
    default void shouldDecodeMixedStepsAsTheReferenceDoes(long seed) {
        Random random = new Random(seed);
        int kvHeads = 1 + random.nextInt(2);
        SmallDecoder decoder = new SmallDecoder(
                1 + random.nextInt(3), kvHeads * (1 + random.nextInt(3)), kvHeads, 2 * (2 + random.nextInt(4)), 24, 31);
        int blockTokens = 1 + random.nextInt(5);
        KvLayout layout = decoder.layout(40, blockTokens, DType.F32);
        Weights weights = RandomTensors.weights(seed, DType.F32, List.of(decoder.program()));
        List<Sequence> sequences = sequences(random, layout, decoder.vocabulary(), 3);
        int[] done = new int[sequences.size()];
        try (Backend reference = new ReferenceBackend();
                LoadedModel actual = backend().load(List.of(decoder.program()), weights, Optional.of(layout));
                LoadedModel expected = reference.load(List.of(decoder.program()), weights, Optional.of(layout))) {
            while (IntStream.range(0, done.length)
                    .anyMatch(i -> done[i] < sequences.get(i).ids().length)) {
                List<Sequence> chosen = new ArrayList<>();
                List<KvStep.Part> parts = new ArrayList<>();
                for (int i = 0; i < done.length; i++) {
                    Sequence sequence = sequences.get(i);
                    if (done[i] < sequence.ids().length && (random.nextBoolean() || parts.isEmpty())) {
                        KvStep.Part part = sequence.part(done[i], 1 + random.nextInt(6));
                        chosen.add(sequence);
                        parts.add(part);
                        done[i] += part.rows();
                    }
                }
                Closeness.assertClose(
                        "seed " + seed, step(actual, chosen, parts), step(expected, chosen, parts), tolerance());
            }
        }
    }

    @Test
    default void shouldPrefillInChunksAsWhole() {
        SmallDecoder decoder = new SmallDecoder(2, 4, 2, 8, 48, 50);
        KvLayout layout = decoder.layout(24, 4, DType.F32);
        try (LoadedModel model = load(decoder, layout)) {
            Sequence whole = sequence(new Random(1), 20, 50, 0);
            float[] expected = step(model, List.of(whole), List.of(whole.part(0, 20)));
            Sequence chunked = new Sequence(whole.ids(), new int[] {11, 9, 17, 20, 13});
            float[] actual = concatenate(
                    step(model, List.of(chunked), List.of(chunked.part(0, 13))),
                    step(model, List.of(chunked), List.of(chunked.part(13, 1))),
                    step(model, List.of(chunked), List.of(chunked.part(14, 6))));
            Closeness.assertClose("13 + 1 + 6 rows", actual, expected, 1e-5);
        }
    }

    @Test
    default void shouldDecodeInABatchAsAlone() {
        SmallDecoder decoder = new SmallDecoder(2, 4, 1, 8, 48, 50);
        KvLayout layout = decoder.layout(24, 4, DType.F32);
        Sequence a = sequence(new Random(2), 11, 50, 0);
        Sequence b = sequence(new Random(3), 3, 50, 5);
        Sequence c = sequence(new Random(4), 17, 50, 9);
        float[] alone;
        try (LoadedModel model = load(decoder, layout)) {
            step(model, List.of(a), List.of(a.part(0, 10)));
            step(model, List.of(c), List.of(c.part(0, 9)));
            alone = concatenate(
                    step(model, List.of(a), List.of(a.part(10, 1))),
                    step(model, List.of(b), List.of(b.part(0, 3))),
                    step(model, List.of(c), List.of(c.part(9, 8))));
        }
        try (LoadedModel model = load(decoder, layout)) {
            step(model, List.of(a, c), List.of(a.part(0, 10), c.part(0, 9)));
            float[] together = step(model, List.of(a, b, c), List.of(a.part(10, 1), b.part(0, 3), c.part(9, 8)));
            Closeness.assertClose("1, 3 and 8 rows at once", together, alone, 1e-5);
        }
    }

    @Test
    default void shouldDecodeBesideALongChunk() {
        SmallDecoder decoder = new SmallDecoder(2, 4, 2, 8, 48, 50);
        KvLayout layout = decoder.layout(64, 4, DType.F32);
        Sequence chunk = new Sequence(
                new Random(1).ints(150, 0, 50).toArray(),
                IntStream.range(20, 60).toArray());
        List<Sequence> singles = LongStream.range(0, 4)
                .mapToObj(i -> sequence(new Random(i), 6 + (int) i, 50, 5 * (int) i))
                .toList();
        List<float[]> alone = new ArrayList<>();
        List<Sequence> all = new ArrayList<>(singles);
        List<KvStep.Part> parts = new ArrayList<>();
        try (LoadedModel model = load(decoder, layout);
                LoadedModel together = load(decoder, layout)) {
            for (Sequence single : singles) {
                int last = single.ids().length - 1;
                step(model, List.of(single), List.of(single.part(0, last)));
                step(together, List.of(single), List.of(single.part(0, last)));
                alone.add(step(model, List.of(single), List.of(single.part(last, 1))));
                parts.add(single.part(last, 1));
            }
            step(model, List.of(chunk), List.of(chunk.part(0, 11)));
            step(together, List.of(chunk), List.of(chunk.part(0, 11)));
            alone.add(step(model, List.of(chunk), List.of(chunk.part(11, 139))));
            all.add(chunk);
            parts.add(chunk.part(11, 139));
            float[] actual = step(together, all, parts);
            Closeness.assertClose("4 x 1 and 139 rows", actual, concatenate(alone.toArray(float[][]::new)), 1e-5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    default void shouldAttendToKeysAndValuesAsStored(DType stored) {
        KvLayout layout = new KvLayout(1, 2, 8, 6, 3, stored);
        Program program = attentionAlone(layout, 4);
        Random random = new Random(5);
        try (Backend reference = new ReferenceBackend();
                LoadedModel actual = backend().load(List.of(program), none(), Optional.of(layout));
                LoadedModel expected = reference.load(List.of(program), none(), Optional.of(layout))) {
            int start = 0;
            for (int rows : new int[] {7, 1, 5}) {
                KvStep step = new KvStep(List.of(new KvStep.Part(start, rows, new int[] {4, 0, 5, 2, 1})));
                Map<String, HostTensor> inputs = RandomTensors.inputs(random, program, Map.of("rows", (long) rows), 1);
                try (LoadedModel.Outputs a = actual.run("attention", inputs, step);
                        LoadedModel.Outputs e = expected.run("attention", inputs, step)) {
                    Closeness.assertClose(stored + " from " + start, a.get("y"), e.get("y"), tolerance());
                }
                start += rows;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    default void shouldRoundValuesBeforeTheirOwnRowReadsThem(DType stored) {
        KvLayout layout = new KvLayout(1, 1, 8, 1, 1, stored);
        Program program = attentionAlone(layout, 1);
        try (LoadedModel model = backend().load(List.of(program), none(), Optional.of(layout))) {
            Map<String, HostTensor> inputs = RandomTensors.inputs(new Random(6), program, Map.of("rows", 1L), 1);
            float[] rounded = inputs.get("v").toFloats();
            for (int i = 0; i < rounded.length; i++) {
                rounded[i] = FloatConversion.widen(stored, FloatConversion.narrow(stored, rounded[i]));
            }
            KvStep step = new KvStep(List.of(new KvStep.Part(0, 1, new int[] {0})));
            try (LoadedModel.Outputs outputs = model.run("attention", inputs, step)) {
                assertThat(outputs.get("y").toFloats()).isEqualTo(rounded);
            }
        }
    }

    @Test
    default void shouldNotLetABrokenSequenceReachOthers() {
        KvLayout layout = new KvLayout(1, 1, 4, 4, 4, DType.F32);
        Program program = attentionAlone(layout, 1);
        Map<String, HostTensor> good = RandomTensors.inputs(new Random(7), program, Map.of("rows", 2L), 1);
        KvStep.Part part = new KvStep.Part(0, 2, new int[] {1});
        try (LoadedModel model = backend().load(List.of(program), none(), Optional.of(layout))) {
            float[] expected = attend(model, good, part);
            attend(model, broken(8), new KvStep.Part(0, 8, new int[] {0, 1}));
            assertThat(attend(model, good, part)).as("blocks that held NaN").isEqualTo(expected);
            Map<String, HostTensor> mixed = new HashMap<>();
            broken(9)
                    .forEach((name, tensor) -> mixed.put(
                            name,
                            HostTensor.ofFloats(
                                    concatenate(
                                            tensor.toFloats(), good.get(name).toFloats()),
                                    11,
                                    4)));
            float[] together = attend(model, mixed, new KvStep.Part(0, 9, new int[] {0, 2, 3}), part);
            float[] last = Arrays.copyOfRange(together, together.length - expected.length, together.length);
            Closeness.assertClose("beside a sequence of NaN", last, expected, 1e-6);
        }
    }

    @Test
    default void shouldStoreEvenWhereNothingIsFetched() {
        KvLayout layout = new KvLayout(1, 1, 4, 4, 4, DType.F32);
        Program reading = attentionAlone(layout, 1);
        ProgramBuilder silent = new ProgramBuilder("silent");
        Dim rows = Dim.of("rows");
        silent.kvAttention(
                silent.input("q", DType.F32, rows, Dim.of(4)),
                silent.input("k", DType.F32, rows, Dim.of(4)),
                silent.input("v", DType.F32, rows, Dim.of(4)),
                1,
                1,
                0);
        Map<String, HostTensor> first = RandomTensors.inputs(new Random(7), reading, Map.of("rows", 2L), 1);
        Map<String, HostTensor> second = RandomTensors.inputs(new Random(8), reading, Map.of("rows", 1L), 1);
        try (LoadedModel model = backend().load(List.of(reading, silent.build()), none(), Optional.of(layout))) {
            attend(model, first, new KvStep.Part(0, 2, new int[] {3}));
            float[] expected = attend(model, second, new KvStep.Part(2, 1, new int[] {3}));
            model.run("silent", first, new KvStep(List.of(new KvStep.Part(0, 2, new int[] {1}))))
                    .close();
            assertThat(attend(model, second, new KvStep.Part(2, 1, new int[] {1})))
                    .isEqualTo(expected);
        }
    }

    private LoadedModel load(SmallDecoder decoder, KvLayout layout) {
        Weights weights = RandomTensors.weights(3, DType.F32, List.of(decoder.program()));
        return backend().load(List.of(decoder.program()), weights, Optional.of(layout));
    }

    private static Weights none() {
        return RandomTensors.weights(0, DType.F32, List.of());
    }

    /** A program of nothing but KV attention on q, k and v [rows, heads * headDim]. */
    private static Program attentionAlone(KvLayout layout, int heads) {
        Dim rows = Dim.of("rows");
        Dim kvColumns = Dim.of((long) layout.kvHeads() * layout.headDim());
        ProgramBuilder b = new ProgramBuilder("attention");
        b.output(
                "y",
                b.kvAttention(
                        b.input("q", DType.F32, rows, Dim.of((long) heads * layout.headDim())),
                        b.input("k", DType.F32, rows, kvColumns),
                        b.input("v", DType.F32, rows, kvColumns),
                        heads,
                        layout.kvHeads(),
                        0));
        return b.build();
    }

    /** q, k and v [rows, 4] of NaN. */
    private static Map<String, HostTensor> broken(int rows) {
        float[] values = new float[rows * 4];
        Arrays.fill(values, Float.NaN);
        HostTensor tensor = HostTensor.ofFloats(values, rows, 4);
        return Map.of("q", tensor, "k", tensor, "v", tensor);
    }

    private static float[] attend(LoadedModel model, Map<String, HostTensor> inputs, KvStep.Part... parts) {
        try (LoadedModel.Outputs outputs = model.run("attention", inputs, new KvStep(List.of(parts)))) {
            return outputs.get("y").toFloats();
        }
    }

    /** The logits of a step, row after row. */
    private static float[] step(LoadedModel model, List<Sequence> sequences, List<KvStep.Part> parts) {
        List<Integer> ids = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            for (int p = parts.get(i).start();
                    p < parts.get(i).start() + parts.get(i).rows();
                    p++) {
                ids.add(sequences.get(i).ids()[p]);
                positions.add(p);
            }
        }
        Map<String, HostTensor> inputs = Map.of("ids", ints(ids), "positions", ints(positions));
        try (LoadedModel.Outputs outputs = model.run("decode", inputs, new KvStep(parts))) {
            return outputs.get("logits").toFloats();
        }
    }

    private static HostTensor ints(List<Integer> values) {
        return HostTensor.ofInts(values.stream().mapToInt(Integer::intValue).toArray(), values.size());
    }

    private static Sequence sequence(Random random, int length, int vocabulary, int firstBlock) {
        int[] ids = random.ints(length, 0, vocabulary).toArray();
        return new Sequence(ids, IntStream.range(firstBlock, firstBlock + 5).toArray());
    }

    /** Sequences over shuffled blocks. */
    private static List<Sequence> sequences(Random random, KvLayout layout, int vocabulary, int count) {
        List<Integer> blocks =
                new ArrayList<>(IntStream.range(0, layout.blocks()).boxed().toList());
        Collections.shuffle(blocks, random);
        List<Sequence> sequences = new ArrayList<>();
        int perSequence = layout.blocks() / count;
        for (int i = 0; i < count; i++) {
            int[] own = blocks.subList(i * perSequence, (i + 1) * perSequence).stream()
                    .mapToInt(Integer::intValue)
                    .toArray();
            int length = 1 + random.nextInt(Math.min(20, own.length * layout.blockTokens()));
            sequences.add(new Sequence(random.ints(length, 0, vocabulary).toArray(), own));
        }
        return sequences;
    }

    private static float[] concatenate(float[]... parts) {
        float[] all =
                new float[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
