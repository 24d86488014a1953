package org.llavacluster.model.checkpoint;

import java.util.Collection;

/** The known ways in which files name their tensors. Used to name a missing tensor as this folder would name it. */
public enum TensorNaming {
    /** Files published by llava-hf. */
    HUB("language_model.model.", "language_model.lm_head.", "multi_modal_projector.", "", "vision_tower.vision_model."),
    /** In memory in transformers 4.52 to 4.57, and in some files. */
    TRANSFORMERS_4(
            "model.language_model.",
            "lm_head.",
            "model.multi_modal_projector.",
            "model.",
            "model.vision_tower.vision_model."),
    /** In memory in transformers 5. */
    TRANSFORMERS_5(
            "model.language_model.", "lm_head.", "model.multi_modal_projector.", "model.", "model.vision_tower."),
    /** Files saved by transformers 5. */
    TRANSFORMERS_5_SAVED(
            "language_model.model.", "language_model.lm_head.", "multi_modal_projector.", "", "vision_tower."),
    /** The original v0, v1.0 and v1.5, with CLIP in a folder of its own. */
    ORIGINAL("model.", "lm_head.", "model.mm_projector.", "model.", "vision_model."),
    /** The original v1.6. */
    ORIGINAL_NEXT(
            "model.", "lm_head.", "model.mm_projector.", "model.", "model.vision_tower.vision_tower.vision_model.");

    private final String body;
    private final String head;
    private final String projector;
    private final String newline;
    private final String vision;

    TensorNaming(String body, String head, String projector, String newline, String vision) {
        this.body = body;
        this.head = head;
        this.projector = projector;
        this.newline = newline;
        this.vision = vision;
    }

    /**
     * The name in files of this kind.
     *
     * @param weight name used by the programs
     * @param linearProjector whether the projector is a single layer, which the original names without a number
     */
    public String write(String weight, boolean linearProjector) {
        String suffix = weight.substring(weight.indexOf('.') + 1);
        if (weight.startsWith("vision.")) {
            return vision + suffix;
        }
        if (weight.equals("projector.image_newline")) {
            return newline + suffix;
        }
        if (weight.startsWith("projector.")) {
            return projector + (projector.contains("mm_projector") ? numbered(suffix, linearProjector) : suffix);
        }
        return suffix.startsWith("lm_head.") ? head + suffix.substring("lm_head.".length()) : body + suffix;
    }

    /** The naming that matches most of the stored names. */
    static TensorNaming of(Collection<String> stored, Collection<String> weights, boolean linearProjector) {
        TensorNaming best = HUB;
        long mostHits = -1;
        for (TensorNaming naming : values()) {
            long hits = weights.stream()
                    .filter(weight -> stored.contains(naming.write(weight, linearProjector)))
                    .count();
            if (hits > mostHits) {
                mostHits = hits;
                best = naming;
            }
        }
        return best;
    }

    private static String numbered(String suffix, boolean linearProjector) {
        String kind = suffix.substring(suffix.indexOf('.') + 1);
        if (linearProjector) {
            return kind;
        }
        return (suffix.startsWith("linear_1.") ? "0." : "2.") + kind;
    }
}
