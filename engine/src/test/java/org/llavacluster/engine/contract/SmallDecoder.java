package org.llavacluster.engine.contract;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;

/**
 * A LLaMA of any size: input {@code ids} and {@code positions} [rows], output {@code logits} [rows, vocabulary]; the
 * embedding is tied to the head.
 */
public record SmallDecoder(int layers, int heads, int kvHeads, int headDim, int inner, int vocabulary) {

    public int hidden() {
        return heads * headDim;
    }

    public KvLayout layout(int blocks, int blockTokens, DType dtype) {
        return new KvLayout(layers, kvHeads, headDim, blocks, blockTokens, dtype);
    }

    /** With a KV view. */
    public Program program() {
        Dim rows = Dim.of("rows");
        ProgramBuilder b = new ProgramBuilder("decode");
        Value positions = b.input("positions", DType.I32, rows);
        Value table = b.weight("embedding", vocabulary, hidden());
        Value x = b.embedding(b.input("ids", DType.I32, rows), table);
        for (int layer = 0; layer < layers; layer++) {
            String name = "layers." + layer + ".";
            Value normed = b.rmsNorm(x, b.weight(name + "norm1", hidden()), 1e-5f);
            Value q = b.linear(normed, b.weight(name + "q", hidden(), hidden()), null);
            Value k = b.linear(normed, b.weight(name + "k", kvHeads * headDim, hidden()), null);
            Value v = b.linear(normed, b.weight(name + "v", kvHeads * headDim, hidden()), null);
            Value attended = b.kvAttention(
                    b.rope(q, positions, heads, frequencies(), 1f),
                    b.rope(k, positions, kvHeads, frequencies(), 1f),
                    v,
                    heads,
                    kvHeads,
                    layer);
            x = b.add(x, b.linear(attended, b.weight(name + "o", hidden(), hidden()), null));
            normed = b.rmsNorm(x, b.weight(name + "norm2", hidden()), 1e-5f);
            Value gate = b.linear(normed, b.weight(name + "gate", inner, hidden()), null);
            Value up = b.linear(normed, b.weight(name + "up", inner, hidden()), null);
            x = b.add(x, b.linear(b.siluGate(gate, up), b.weight(name + "down", hidden(), inner), null));
        }
        b.output("logits", b.linear(b.rmsNorm(x, b.weight("norm", hidden()), 1e-5f), table, null));
        return b.build();
    }

    private List<Float> frequencies() {
        List<Float> frequencies = new ArrayList<>();
        for (int i = 0; i < headDim / 2; i++) {
            frequencies.add((float) Math.pow(10_000, -2.0 * i / headDim));
        }
        return frequencies;
    }
}
