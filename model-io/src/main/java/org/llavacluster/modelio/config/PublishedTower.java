package org.llavacluster.modelio.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * OpenAI's CLIP models, named by checkpoints of the original layout. Their configurations have not changed since 2021,
 * and all have CLIP's other defaults (quick GELU, epsilon 1e-5, mean and deviation of the colours).
 */
enum PublishedTower {
    LARGE_14_336("clip-vit-large-patch14-336", 1024, 24, 16, 336, 14),
    LARGE_14("clip-vit-large-patch14", 1024, 24, 16, 224, 14),
    BASE_16("clip-vit-base-patch16", 768, 12, 12, 224, 16),
    BASE_32("clip-vit-base-patch32", 768, 12, 12, 224, 32);

    private final String written;
    private final int hidden;
    private final int layers;
    private final int heads;
    private final int imageSize;
    private final int patchSize;

    PublishedTower(String written, int hidden, int layers, int heads, int imageSize, int patchSize) {
        this.written = written;
        this.hidden = hidden;
        this.layers = layers;
        this.heads = heads;
        this.imageSize = imageSize;
        this.patchSize = patchSize;
    }

    /**
     * @param name without the owner
     */
    static Optional<PublishedTower> of(String name) {
        return Arrays.stream(values())
                .filter(tower -> tower.written.equals(name))
                .findFirst();
    }

    /** All names, as in configurations. */
    static String names() {
        return Arrays.stream(values()).map(tower -> "openai/" + tower.written).collect(Collectors.joining(", "));
    }

    /** The fields of its {@code CLIPVisionConfig}. */
    ObjectNode vision() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("hidden_size", hidden)
                .put("intermediate_size", 4 * hidden)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("image_size", imageSize)
                .put("patch_size", patchSize);
    }

    /** The fields of its {@code CLIPImageProcessor}; missing ones have CLIP's values. */
    ObjectNode preprocessor() {
        return JsonNodeFactory.instance.objectNode().put("crop_size", imageSize).put("size", imageSize);
    }
}
