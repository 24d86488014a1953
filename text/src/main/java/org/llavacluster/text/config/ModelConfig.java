package org.llavacluster.text.config;

/**
 * What a model folder says of the model, defaults filled in and checked.
 *
 * @param name the folder's name, unless it is served under another one
 * @param layout who wrote the folder
 * @param family the {@code model_type}, for people: {@code llava}, {@code llava_next}, {@code llava_llama} ...
 * @param imageTokenId stands for one image row in prompt ids: the checkpoint's id, or -200 in the original layout
 */
public record ModelConfig(
        String name,
        Layout layout,
        String family,
        VisionConfig vision,
        ProjectorConfig projector,
        DecoderConfig decoder,
        ImageConfig image,
        int imageTokenId) {

    /** Hugging Face's files and names, or those of the original LLaVA code. */
    public enum Layout {
        HUGGING_FACE,
        ORIGINAL
    }

    /** The same model under another name. */
    public ModelConfig named(String other) {
        return new ModelConfig(other, layout, family, vision, projector, decoder, image, imageTokenId);
    }
}
