package org.llavacluster.model.vision;

import java.util.Objects;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;
import org.llavacluster.modelio.config.VisionConfig.Activation;

/**
 * The transformer layers that both towers of CLIP have.
 *
 * @param prefix precedes the weights' names
 * @param hidden columns of the rows
 * @param groupRows rows of an image or a text, which attend to each other
 * @param causal whether a row sees only those before it
 */
record ClipLayers(
        ProgramBuilder p,
        String prefix,
        int hidden,
        int intermediate,
        int heads,
        float layerNormEps,
        Activation activation,
        Dim groupRows,
        boolean causal) {

    ClipLayers {
        Objects.requireNonNull(p, "p");
        Objects.requireNonNull(activation, "activation");
        Objects.requireNonNull(groupRows, "groupRows");
    }

    /** {@code x + attention(norm(x))}, then {@code x + mlp(norm(x))}; x is {@code [groups * groupRows, hidden]}. */
    Value layer(Value x, int number) {
        String name = "encoder.layers." + number;
        Value attended = attention(norm(name + ".layer_norm1", x), name + ".self_attn");
        Value y = p.add(x, attended);
        return p.add(y, mlp(norm(name + ".layer_norm2", y), name + ".mlp"));
    }

    /** A layer norm of its own. */
    Value norm(String name, Value x) {
        return p.layerNorm(x, weight(name + ".weight", x.columns()), weight(name + ".bias", x.columns()), layerNormEps);
    }

    /** A weight of the tower. */
    Value weight(String name, long... shape) {
        return p.weight(prefix + name, shape);
    }

    private Value attention(Value x, String name) {
        Value q = linear(x, name + ".q_proj", hidden);
        Value k = linear(x, name + ".k_proj", hidden);
        Value v = linear(x, name + ".v_proj", hidden);
        return linear(p.attention(q, k, v, heads, heads, groupRows, causal), name + ".out_proj", hidden);
    }

    private Value mlp(Value x, String name) {
        Value inner = linear(x, name + ".fc1", intermediate);
        Value active =
                switch (activation) {
                    case QUICK_GELU -> p.quickGelu(inner);
                    case GELU -> p.gelu(inner);
                };
        return linear(active, name + ".fc2", hidden);
    }

    private Value linear(Value x, String name, long out) {
        return p.linear(x, weight(name + ".weight", out, x.columns()), weight(name + ".bias", out));
    }
}
