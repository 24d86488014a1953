package org.llavacluster.model.vision;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;
import org.llavacluster.text.config.ModelFormatException;
import org.llavacluster.text.config.VisionConfig;

/**
 * CLIP's vision transformer (arXiv 2103.00020) up to the highest layer whose features LLaVA uses. Layers above it and
 * the last norm are neither computed nor loaded.
 */
public final class VisionProgram {

    /** Name of the program. */
    public static final String NAME = "vision";

    /** {@code [tiles, channels, side, side]} F32. */
    public static final String PIXELS = "pixels";

    /** {@code [tiles * rowsPerTile, features]} F32. */
    public static final String FEATURES = "features";

    private final VisionConfig config;
    private final ProgramBuilder p = new ProgramBuilder(NAME);

    private VisionProgram(VisionConfig config) {
        this.config = config;
    }

    /**
     * @throws ModelFormatException if patches do not fill a tile exactly
     */
    public static Program trace(VisionConfig config) {
        if (config.imageSize() % config.patchSize() != 0) {
            throw new ModelFormatException("config.json: image_size " + config.imageSize()
                    + " is not a multiple of patch_size " + config.patchSize());
        }
        return new VisionProgram(config).trace();
    }

    private Program trace() {
        int side = config.imageSize();
        Value pixels =
                p.input(PIXELS, DType.F32, Dim.of("tiles"), Dim.of(config.channels()), Dim.of(side), Dim.of(side));

        int highest = Collections.max(config.featureLayers());
        List<Value> hiddenStates = new ArrayList<>();
        hiddenStates.add(norm("pre_layrnorm", embed(pixels)));
        for (int layer = 0; layer < highest; layer++) {
            hiddenStates.add(layer(hiddenStates.getLast(), "encoder.layers." + layer));
        }

        List<Value> taken = new ArrayList<>();
        for (int layer : config.featureLayers()) {
            Value rows = hiddenStates.get(layer);
            taken.add(config.keepClassRow() ? rows : p.dropFirstRow(rows, patches() + 1));
        }
        p.output(FEATURES, p.concatColumns(taken));
        return p.build();
    }

    /**
     * {@code [tiles, channels, side, side]} to {@code [tiles * (patches + 1), hidden]}: class row, patches, positions.
     */
    private Value embed(Value pixels) {
        int hidden = config.hiddenSize();
        int patch = config.patchSize();
        long inputs = (long) config.channels() * patch * patch;
        Value kernel = weight("embeddings.patch_embedding.weight", hidden, config.channels(), patch, patch);
        Value patches = p.linear(p.patches(pixels, patch), p.reshape(kernel, Dim.of(hidden), Dim.of(inputs)), null);
        Value rows = p.prependRow(patches, weight("embeddings.class_embedding", hidden), patches());
        return p.add(rows, weight("embeddings.position_embedding.weight", patches() + 1, hidden));
    }

    /** {@code x + attention(norm(x))}, then {@code x + mlp(norm(x))}; x is {@code [tiles * (patches + 1), hidden]}. */
    private Value layer(Value x, String name) {
        Value attended = attention(norm(name + ".layer_norm1", x), name + ".self_attn");
        Value y = p.add(x, attended);
        return p.add(y, mlp(norm(name + ".layer_norm2", y), name + ".mlp"));
    }

    private Value attention(Value x, String name) {
        int hidden = config.hiddenSize();
        Value q = linear(x, name + ".q_proj", hidden);
        Value k = linear(x, name + ".k_proj", hidden);
        Value v = linear(x, name + ".v_proj", hidden);
        Value heads = p.attention(q, k, v, config.heads(), config.heads(), Dim.of(patches() + 1), false);
        return linear(heads, name + ".out_proj", hidden);
    }

    private Value mlp(Value x, String name) {
        Value inner = linear(x, name + ".fc1", config.intermediateSize());
        Value active =
                switch (config.activation()) {
                    case QUICK_GELU -> p.quickGelu(inner);
                    case GELU -> p.gelu(inner);
                };
        return linear(active, name + ".fc2", config.hiddenSize());
    }

    private Value linear(Value x, String name, long out) {
        return p.linear(x, weight(name + ".weight", out, x.columns()), weight(name + ".bias", out));
    }

    private Value norm(String name, Value x) {
        return p.layerNorm(
                x, weight(name + ".weight", x.columns()), weight(name + ".bias", x.columns()), config.layerNormEps());
    }

    private Value weight(String name, long... shape) {
        return p.weight("vision." + name, shape);
    }

    private long patches() {
        return (long) config.gridSide() * config.gridSide();
    }
}
