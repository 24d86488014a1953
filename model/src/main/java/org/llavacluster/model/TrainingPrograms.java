package org.llavacluster.model;

import org.llavacluster.engine.program.Program;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.text.config.ModelConfig;

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
}
