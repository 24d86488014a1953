package org.llavacluster.model.vision;

import org.llavacluster.engine.DType;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;
import org.llavacluster.modelio.config.VisionConfig;

/**
 * Both towers of CLIP, from images and their captions to the similarities of all pairs. The vision tower's weights are
 * named as in the serving program; the others as in files.
 */
public final class ClipProgram {

    /** {@code [images * positions]} I32: the ids of a caption for each image, filled up with any id. */
    public static final String IDS = "captionIds";

    /** {@code [images]} I32: for each caption the row of its end, among all rows of ids. */
    public static final String ENDS = "captionEnds";

    /** {@code [images]} I32: for each image the row of its class, among all rows of the vision tower. */
    public static final String CLASS_ROWS = "classRows";

    /** {@code [2 * images, images]} F32: images against captions, then captions against images. */
    public static final String SIMILARITIES = "similarities";

    /** The weight {@code [1]} that the similarities are scaled by, as a logarithm. */
    public static final String LOGIT_SCALE = "logit_scale";

    private static final Dim IMAGES = Dim.of("images");

    private ClipProgram() {}

    /**
     * @param projection columns that both towers' outputs are projected to
     */
    public static Program contrastive(VisionConfig vision, ClipTextConfig text, int projection) {
        ProgramBuilder p = new ProgramBuilder("contrastive");
        Value images = projected(p, "visual_projection", image(p, vision), projection);
        Value captions = projected(p, "text_projection", caption(p, text), projection);
        p.output(SIMILARITIES, p.pairSimilarities(images, captions, p.weight(LOGIT_SCALE, 1)));
        return p.build();
    }

    /** The vision tower alone, up to its last norm. */
    public static Program tower(VisionConfig vision) {
        ProgramBuilder p = new ProgramBuilder("tower");
        p.output("classes", image(p, vision));
        return p.build();
    }

    /** {@code [images, hidden]}: the class row of the last layer, normed. */
    private static Value image(ProgramBuilder p, VisionConfig config) {
        Value rows = p.gatherRows(VisionProgram.lastLayer(p, config), p.input(CLASS_ROWS, DType.I32, IMAGES));
        return VisionProgram.layers(p, config).norm("post_layernorm", rows);
    }

    /** {@code [images, hidden]}: the row of the caption's end, which has seen all rows before it, normed. */
    private static Value caption(ProgramBuilder p, ClipTextConfig config) {
        ClipLayers layers = new ClipLayers(
                p,
                "text_model.",
                config.hiddenSize(),
                config.intermediateSize(),
                config.heads(),
                config.layerNormEps(),
                config.activation(),
                Dim.of(config.positions()),
                true);
        Value ids = p.input(IDS, DType.I32, IMAGES.times(config.positions()));
        Value table = layers.weight("embeddings.token_embedding.weight", config.vocabulary(), config.hiddenSize());
        Value rows = p.add(
                p.embedding(ids, table),
                layers.weight("embeddings.position_embedding.weight", config.positions(), config.hiddenSize()));
        for (int layer = 0; layer < config.layers(); layer++) {
            rows = layers.layer(rows, layer);
        }
        return layers.norm("final_layer_norm", p.gatherRows(rows, p.input(ENDS, DType.I32, IMAGES)));
    }

    private static Value projected(ProgramBuilder p, String name, Value x, int columns) {
        return p.linear(x, p.weight(name + ".weight", columns, x.columns()), null);
    }
}
