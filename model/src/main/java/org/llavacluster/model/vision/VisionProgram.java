package org.llavacluster.model.vision;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.config.VisionConfig;

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
    private final ProgramBuilder p;
    private final ClipLayers layers;

    private VisionProgram(ProgramBuilder p, VisionConfig config) {
        this.config = config;
        this.p = p;
        this.layers = layers(p, config);
    }

    /**
     * @throws ModelFormatException if patches do not fill a tile exactly
     */
    public static Program trace(VisionConfig config) {
        ProgramBuilder p = new ProgramBuilder(NAME);
        p.output(FEATURES, define(p, config));
        return p.build();
    }

    /**
     * The features within another program, which gets {@link #PIXELS} as an input.
     *
     * @return {@code [tiles * rowsPerTile, features]}
     * @throws ModelFormatException if patches do not fill a tile exactly
     */
    public static Value define(ProgramBuilder p, VisionConfig config) {
        return new VisionProgram(p, config).features();
    }

    /**
     * The output of the highest layer within another program, which gets {@link #PIXELS} as an input.
     *
     * @return {@code [tiles * (patches + 1), hidden]}
     * @throws ModelFormatException if patches do not fill a tile exactly
     */
    static Value lastLayer(ProgramBuilder p, VisionConfig config) {
        return new VisionProgram(p, config).hiddenStates(config.layers()).getLast();
    }

    /** The layers of this tower. */
    static ClipLayers layers(ProgramBuilder p, VisionConfig config) {
        return new ClipLayers(
                p,
                "vision.",
                config.hiddenSize(),
                config.intermediateSize(),
                config.heads(),
                config.layerNormEps(),
                config.activation(),
                Dim.of(patches(config) + 1),
                false);
    }

    private Value features() {
        List<Value> hiddenStates = hiddenStates(Collections.max(config.featureLayers()));
        List<Value> taken = new ArrayList<>();
        for (int layer : config.featureLayers()) {
            Value rows = hiddenStates.get(layer);
            taken.add(config.keepClassRow() ? rows : p.dropFirstRow(rows, patches(config) + 1));
        }
        return p.concatColumns(taken);
    }

    /** The input of the first layer, then the output of each layer up to a number of them. */
    private List<Value> hiddenStates(int highest) {
        if (config.imageSize() % config.patchSize() != 0) {
            throw new ModelFormatException("config.json: image_size " + config.imageSize()
                    + " is not a multiple of patch_size " + config.patchSize());
        }
        int side = config.imageSize();
        Value pixels =
                p.input(PIXELS, DType.F32, Dim.of("tiles"), Dim.of(config.channels()), Dim.of(side), Dim.of(side));
        List<Value> hiddenStates = new ArrayList<>();
        hiddenStates.add(layers.norm("pre_layrnorm", embed(pixels)));
        for (int layer = 0; layer < highest; layer++) {
            hiddenStates.add(layers.layer(hiddenStates.getLast(), layer));
        }
        return hiddenStates;
    }

    /**
     * {@code [tiles, channels, side, side]} to {@code [tiles * (patches + 1), hidden]}: class row, patches, positions.
     */
    private Value embed(Value pixels) {
        int hidden = config.hiddenSize();
        int patch = config.patchSize();
        long inputs = (long) config.channels() * patch * patch;
        Value kernel = layers.weight("embeddings.patch_embedding.weight", hidden, config.channels(), patch, patch);
        Value patches = p.linear(p.patches(pixels, patch), p.reshape(kernel, Dim.of(hidden), Dim.of(inputs)), null);
        Value rows = p.prependRow(patches, layers.weight("embeddings.class_embedding", hidden), patches(config));
        return p.add(rows, layers.weight("embeddings.position_embedding.weight", patches(config) + 1, hidden));
    }

    private static long patches(VisionConfig config) {
        return (long) config.gridSide() * config.gridSide();
    }
}
