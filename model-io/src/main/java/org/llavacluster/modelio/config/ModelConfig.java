package org.llavacluster.modelio.config;

/**
 * The checked configuration of a model folder, with defaults filled in.
 *
 * @param name the folder's name, unless the model is served under another one
 * @param layout which software wrote the folder
 * @param family the {@code model_type}, for display: {@code llava}, {@code llava_next}, {@code llava_llama} ...
 * @param imageTokenId the id of an image row in prompt ids: the checkpoint's, or -200 in the original layout
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
