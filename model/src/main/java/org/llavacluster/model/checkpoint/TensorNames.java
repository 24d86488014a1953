package org.llavacluster.model.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Maps a tensor's name in a file to the weight that it is. At least seven naming schemes are in use, see {@link
 * TensorNaming}, and mixtures of them. This class reads all of them by what they have in common.
 *
 * <p>The programs' names are {@code vision.}, {@code projector.} or {@code decoder.} followed by the part that all
 * files agree on, as in {@code decoder.layers.0.mlp.up_proj.weight}.
 */
final class TensorNames {

    private static final Pattern BUFFER =
            Pattern.compile(".*\\.rotary_emb\\.inv_freq|(.*\\.)?embeddings\\.position_ids");

    private static final Pattern VISION = Pattern.compile("(?:vision_tower\\.){1,2}(?:vision_model\\.)?(.+)");

    private static final Pattern TOWER =
            Pattern.compile("(?:vision_model\\.)?((?:embeddings|encoder|pre_layrnorm|post_layernorm)\\..+)");

    private static final Pattern DECODER =
            Pattern.compile("(?:language_model\\.)?(?:model\\.)?((?:embed_tokens|layers|norm|lm_head)\\..+)");

    private static final Pattern PROJECTOR = Pattern.compile("multi_modal_projector\\.(.+)");

    /** A torch Sequential of Linear, GELU, Linear; or a single Linear. */
    private static final Pattern ORIGINAL_PROJECTOR = Pattern.compile("mm_projector\\.(0\\.|2\\.)?(weight|bias)");

    private static final Pattern UNUSED_VISION =
            Pattern.compile("vision\\.(?:post_layernorm\\..+|visual_projection\\.weight)");

    private static final Pattern UNUSED_TOWER =
            Pattern.compile("text_model\\..+|visual_projection\\.weight|text_projection\\.weight|logit_scale");

    /** The meaning of a tensor's name. */
    sealed interface Place {

        /** A weight, by the programs' name. */
        record Weight(String name) implements Place {}

        /** A tensor that files may contain and inference does not need. */
        record Ignored() implements Place {}

        record Unknown() implements Place {}
    }

    private TensorNames() {}

    /** The meaning of a tensor in a LLaVA folder. */
    static Place place(String stored) {
        if (BUFFER.matcher(stored).matches()) {
            return new Place.Ignored();
        }
        String name = stored.startsWith("model.") ? stored.substring("model.".length()) : stored;
        if (name.equals("image_newline")) {
            return new Place.Weight("projector.image_newline");
        }
        Matcher matcher = VISION.matcher(name);
        if (matcher.matches()) {
            return vision(matcher.group(1));
        }
        matcher = PROJECTOR.matcher(name);
        if (matcher.matches()) {
            return new Place.Weight("projector." + matcher.group(1));
        }
        matcher = ORIGINAL_PROJECTOR.matcher(name);
        if (matcher.matches()) {
            String layer = "2.".equals(matcher.group(1)) ? "linear_2." : "linear_1.";
            return new Place.Weight("projector." + layer + matcher.group(2));
        }
        matcher = DECODER.matcher(name);
        return matcher.matches() ? new Place.Weight("decoder." + matcher.group(1)) : new Place.Unknown();
    }

    /** The meaning of a tensor in a separate CLIP folder, which may also hold CLIP's text half. */
    static Place placeInTower(String stored) {
        if (BUFFER.matcher(stored).matches() || UNUSED_TOWER.matcher(stored).matches()) {
            return new Place.Ignored();
        }
        Matcher matcher = TOWER.matcher(stored);
        return matcher.matches() ? vision(matcher.group(1)) : new Place.Unknown();
    }

    private static Place vision(String suffix) {
        String name = "vision." + suffix;
        return UNUSED_VISION.matcher(name).matches() ? new Place.Ignored() : new Place.Weight(name);
    }
}
