package org.llavacluster.model;

import java.util.List;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.ModelConfig;

/** The programs that each part of a model runs to serve, and thus the weights that it needs. */
public final class ServingPrograms {

    private ServingPrograms() {}

    public static List<Program> of(ModelPart part, ModelConfig config) {
        return switch (part) {
            case VISION -> List.of(VisionProgram.trace(config.vision()));
            case PROJECTOR ->
                List.of(ProjectorProgram.trace(
                        config.projector(), config.image().merge()));
            case DECODER -> List.of(DecoderProgram.decode(config.decoder()), DecoderProgram.mixed(config.decoder()));
        };
    }

    /** The programs of all parts. */
    public static List<Program> of(ModelConfig config) {
        return List.of(ModelPart.values()).stream()
                .flatMap(part -> of(part, config).stream())
                .toList();
    }
}
