package org.llavacluster.model;

import org.llavacluster.engine.program.Program;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.model.vision.ClipProgram;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.VisionConfig;

/** The programs that learn, of the same definitions as those that serve. */
public final class TrainingPrograms {

    private TrainingPrograms() {}

    /**
     * Projector and decoder in one program: from vision features and ids to logits. Inputs as in {@link
     * DecoderProgram#LEARNING} and {@link ProjectorProgram}.
     */
    public static Program ofInstructions(ModelConfig config) {
        return DecoderProgram.learning(
                config.decoder(),
                p -> ProjectorProgram.define(
                        p, config.projector(), config.image().merge()));
    }

    /**
     * All three parts in one program: from pixels and ids to logits. Inputs as in {@link #ofInstructions}, with {@link
     * VisionProgram#PIXELS} instead of features.
     */
    public static Program ofCaptions(ModelConfig config) {
        return DecoderProgram.learning(
                config.decoder(),
                p -> ProjectorProgram.define(
                        p, config.projector(), config.image().merge(), VisionProgram.define(p, config.vision())));
    }

    /** The vision tower up to its last layer and norm, of which serving may need less. */
    public static Program ofWholeTower(VisionConfig config) {
        return ClipProgram.tower(config);
    }
}
