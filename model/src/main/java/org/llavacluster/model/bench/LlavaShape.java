package org.llavacluster.model.bench;

import java.util.List;
import org.llavacluster.modelio.config.DecoderConfig;
import org.llavacluster.modelio.config.VisionConfig;

/** Whole models of well-known sizes: CLIP, a projector of two layers, and LLaMA. */
public enum LlavaShape {
    /** Loads at once, to try out what otherwise takes minutes; 36 rows per image. */
    TINY("tiny", tinyVision(), DecoderShape.llama(512, 64, 176, 2, 4, 2)),
    LLAVA_TINYLLAMA_1_1B("llava-tinyllama-1.1b", VisionBench.VISION, DecoderShape.TINYLLAMA_1_1B.config()),
    /** LLaVA-1.5-7B, with the rows that Hugging Face's version adds to the vocabulary. */
    LLAVA_7B("llava-7b", VisionBench.VISION, DecoderShape.llama(32_064, 4096, 11_008, 32, 32, 32));

    private final String written;
    private final VisionConfig vision;
    private final DecoderConfig decoder;

    LlavaShape(String written, VisionConfig vision, DecoderConfig decoder) {
        this.written = written;
        this.vision = vision;
        this.decoder = decoder;
    }

    /** The name on the command line. */
    public String written() {
        return written;
    }

    public VisionConfig vision() {
        return vision;
    }

    public DecoderConfig decoder() {
        return decoder;
    }

    private static VisionConfig tinyVision() {
        return new VisionConfig(48, 96, 3, 3, 3, 84, 14, 1e-5f, VisionConfig.Activation.QUICK_GELU, List.of(2), false);
    }
}
