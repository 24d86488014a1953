package org.llavacluster.model.bench;

import static org.llavacluster.model.bench.OperationBenchCase.Input.ofRows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Value;
import org.llavacluster.model.bench.OperationBenchCase.Cache;
import org.llavacluster.model.bench.OperationBenchCase.Input;
import org.llavacluster.modelio.config.DecoderConfig;

/**
 * Every operation at the sizes of TinyLlama 1.1B and CLIP ViT-L/14-336. {@code Reshape} is left out, because it
 * computes nothing.
 */
final class OperationBenchCases {

    private static final DecoderConfig LLAMA = DecoderShape.TINYLLAMA_1_1B.config();
    private static final int HIDDEN = LLAMA.hiddenSize();
    private static final int INNER = LLAMA.intermediateSize();
    private static final int CLIP = 1024;
    private static final int CLIP_INNER = 4096;
    private static final int CLIP_HEADS = 16;
    private static final int PATCHES = 576;
    private static final int PIXELS = 336;
    private static final int PATCH = 14;

    /** One sequence, eight together, a short prompt, the rows of an image. */
    private static final List<Integer> ROWS = List.of(1, 8, 64, PATCHES);

    /** Long enough that operations of a microsecond show beside the cost of a call. */
    private static final int CHAIN = 16;

    private static final int CONTEXT = 576;
    private static final int BLOCK = 16;

    private final List<OperationBenchCase> cases = new ArrayList<>();

    private OperationBenchCases() {}

    /** Products with weights, which the weight format affects. */
    static List<OperationBenchCase> linear() {
        OperationBenchCases made = new OperationBenchCases();
        for (int rows : ROWS) {
            made.linear("llama", rows, HIDDEN, HIDDEN);
            made.linear("llama", rows, LLAMA.kvHeads() * LLAMA.headDim(), HIDDEN);
            made.linear("llama", rows, INNER, HIDDEN);
            made.linear("llama", rows, HIDDEN, INNER);
            if (rows <= 8) {
                made.linear("llama", rows, LLAMA.vocabulary(), HIDDEN);
            }
        }
        made.linear("clip", PATCHES, CLIP, 3 * PATCH * PATCH);
        made.linear("clip", PATCHES, CLIP, CLIP);
        made.linear("clip", PATCHES, CLIP_INNER, CLIP);
        made.linear("clip", PATCHES, CLIP, CLIP_INNER);
        return made.cases;
    }

    /** All other operations. */
    static List<OperationBenchCase> others() {
        OperationBenchCases made = new OperationBenchCases();
        for (int rows : ROWS) {
            made.decoder(rows);
        }
        made.cached(1, CONTEXT, 1);
        made.cached(8, CONTEXT, 1);
        made.cached(1, 0, 64);
        made.cached(1, 0, CONTEXT);
        made.vision();
        return made.cases;
    }

    private void linear(String model, int rows, int columns, int depth) {
        add(
                "Linear " + model,
                columns + "x" + depth,
                rows,
                1,
                List.of(ofRows("x", floats(rows, depth))),
                (p, in) -> p.linear(in.getFirst(), p.weight("w", columns, depth), null));
    }

    private void decoder(int rows) {
        Input x = ofRows("x", floats(rows, HIDDEN));
        add(
                "RmsNorm",
                "" + HIDDEN,
                rows,
                CHAIN,
                List.of(x),
                (p, in) -> chain(in.getFirst(), y -> p.rmsNorm(y, p.weight("scale", HIDDEN), 1e-5f)));
        Input positions = new Input(
                "positions",
                HostTensor.ofInts(IntStream.range(0, rows).toArray(), rows),
                List.of(x.shape().getFirst()));
        List<Float> frequencies = IntStream.range(0, LLAMA.headDim() / 2)
                .mapToObj(i -> (float) Math.pow(10_000, -2.0 * i / LLAMA.headDim()))
                .toList();
        add(
                "Rope",
                "" + HIDDEN,
                rows,
                CHAIN,
                List.of(x, positions),
                (p, in) -> chain(in.getFirst(), y -> p.rope(y, in.get(1), LLAMA.heads(), frequencies, 1)));
        Input gate = ofRows("gate", floats(rows, INNER));
        Input up = new Input("up", tensor(1.25f, rows, INNER), gate.shape());
        add(
                "SiluGate",
                "" + INNER,
                rows,
                CHAIN,
                List.of(gate, up),
                (p, in) -> chain(in.getFirst(), y -> p.siluGate(y, in.get(1))));
        sums(rows);
        if (rows >= 64) {
            // Fewer would not show beside the cost of a call, and these cannot be chained.
            add(
                    "Embedding",
                    LLAMA.vocabulary() + "x" + HIDDEN,
                    rows,
                    1,
                    List.of(ofRows("ids", ints(rows, LLAMA.vocabulary()))),
                    (p, in) -> p.embedding(in.getFirst(), p.weight("table", LLAMA.vocabulary(), HIDDEN)));
        }
        add(
                "GatherRows",
                "" + HIDDEN,
                rows,
                CHAIN,
                List.of(x, ofRows("index", ints(rows, rows))),
                (p, in) -> chain(in.getFirst(), y -> p.gatherRows(y, in.get(1))));
    }

    /** Attention through a cache, one layer after the other as in the decoder. */
    private void cached(int sequences, int start, int rowsOfEach) {
        int layers = start == 0 ? 2 : 8;
        int blocksOfEach = Math.ceilDiv(start + rowsOfEach, BLOCK);
        List<KvStep.Part> parts = IntStream.range(0, sequences)
                .mapToObj(i -> new KvStep.Part(
                        start,
                        rowsOfEach,
                        IntStream.range(i * blocksOfEach, (i + 1) * blocksOfEach)
                                .toArray()))
                .toList();
        KvLayout layout =
                new KvLayout(layers, LLAMA.kvHeads(), LLAMA.headDim(), sequences * blocksOfEach, BLOCK, DType.F32);
        int rows = sequences * rowsOfEach;
        int kvColumns = LLAMA.kvHeads() * LLAMA.headDim();
        Input q = ofRows("q", floats(rows, HIDDEN));
        List<Dim> kvShape = List.of(q.shape().getFirst(), Dim.of(kvColumns));
        List<Input> inputs = List.of(
                q, new Input("k", floats(rows, kvColumns), kvShape), new Input("v", floats(rows, kvColumns), kvShape));
        cases.add(OperationBenchCase.of(
                "KvAttention",
                "32/4x64 at " + start,
                rows,
                layers,
                inputs,
                Optional.of(new Cache(layout, new KvStep(parts))),
                (p, in) -> {
                    Value y = in.getFirst();
                    for (int layer = 0; layer < layers; layer++) {
                        y = p.kvAttention(y, in.get(1), in.get(2), LLAMA.heads(), LLAMA.kvHeads(), layer);
                    }
                    return y;
                }));
    }

    private void vision() {
        int rows = PATCHES + 1;
        Dim ofTiles = new Dim(rows, "tiles");
        Input x = new Input("x", floats(rows, CLIP), List.of(ofTiles, Dim.of(CLIP)));
        Input wide = ofRows("x", floats(rows, CLIP_INNER));
        add(
                "LayerNorm",
                "" + CLIP,
                rows,
                CHAIN,
                List.of(x),
                (p, in) -> chain(
                        in.getFirst(), y -> p.layerNorm(y, p.weight("scale", CLIP), p.weight("shift", CLIP), 1e-5f)));
        add("QuickGelu", "" + CLIP_INNER, rows, CHAIN, List.of(wide), (p, in) -> chain(in.getFirst(), p::quickGelu));
        Input projected = ofRows("x", floats(PATCHES, HIDDEN));
        add("Gelu", "" + HIDDEN, PATCHES, CHAIN, List.of(projected), (p, in) -> chain(in.getFirst(), p::gelu));
        add("Attention", "16x64", rows, 2, List.of(x), (p, in) -> {
            Value once = p.attention(
                    in.getFirst(), in.getFirst(), in.getFirst(), CLIP_HEADS, CLIP_HEADS, Dim.of(rows), false);
            return p.attention(once, in.getFirst(), in.getFirst(), CLIP_HEADS, CLIP_HEADS, Dim.of(rows), false);
        });
        List<Dim> tile = List.of(Dim.of("tiles"), Dim.of(3), Dim.of(PIXELS), Dim.of(PIXELS));
        add(
                "Patches",
                "3x336x336",
                PATCHES,
                1,
                List.of(new Input("x", tensor(0, 1, 3, PIXELS, PIXELS), tile)),
                (p, in) -> p.patches(in.getFirst(), PATCH));
        Input patches = new Input("x", floats(PATCHES, CLIP), List.of(new Dim(PATCHES, "tiles"), Dim.of(CLIP)));
        add(
                "PrependRow",
                "" + CLIP,
                rows,
                1,
                List.of(patches),
                (p, in) -> p.prependRow(in.getFirst(), p.weight("row", CLIP), PATCHES));
        add("DropFirstRow", "" + CLIP, PATCHES, 1, List.of(x), (p, in) -> p.dropFirstRow(in.getFirst(), rows));
        add(
                "ConcatColumns",
                "1024+1024",
                rows,
                1,
                List.of(x),
                (p, in) -> p.concatColumns(List.of(in.getFirst(), in.getFirst())));
        Input text = ofRows("text", floats(14, HIDDEN));
        add(
                "ConcatRows",
                "14+576x" + HIDDEN,
                14 + PATCHES,
                1,
                List.of(text, projected),
                (p, in) -> p.concatRows(in.getFirst(), in.get(1)));
    }

    /** Each sum adds the last two, because TensorFlow would fold a plain chain into one sum. */
    private void sums(int rows) {
        Input a = ofRows("a", floats(rows, HIDDEN));
        Input b = new Input("b", floats(rows, HIDDEN), a.shape());
        add("Add", "" + HIDDEN, rows, CHAIN, List.of(a, b), (p, in) -> {
            Value before = in.getFirst();
            Value last = in.get(1);
            for (int i = 0; i < CHAIN; i++) {
                Value sum = p.add(last, before);
                before = last;
                last = sum;
            }
            return last;
        });
    }

    private void add(
            String operation, String shape, int rows, int repeats, List<Input> inputs, OperationBenchCase.Body body) {
        cases.add(OperationBenchCase.of(operation, shape, rows, repeats, inputs, Optional.empty(), body));
    }

    private static Value chain(Value x, UnaryOperator<Value> op) {
        Value y = x;
        for (int i = 0; i < CHAIN; i++) {
            y = op.apply(y);
        }
        return y;
    }

    private static HostTensor floats(int rows, int columns) {
        return tensor(0, rows, columns);
    }

    /**
     * Values within 0.5 of {@code middle}. Values around 1.25 keep a chain of gates from shrinking to subnormal floats,
     * which are slow.
     */
    private static HostTensor tensor(float middle, long... shape) {
        Random random = new Random(1);
        float[] values = new float[Math.toIntExact(HostTensor.elements(shape))];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat() - 0.5f + middle;
        }
        return HostTensor.ofFloats(values, shape);
    }

    private static HostTensor ints(int count, int below) {
        return HostTensor.ofInts(new Random(1).ints(count, 0, below).toArray(), count);
    }
}
