package org.llavacluster.model.vision;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.modelio.config.ModelConfig;

/** A loaded CLIP: tiles of pixel values to features. Thread-safe. */
public final class VisionModel implements AutoCloseable {

    private final LoadedModel model;

    private VisionModel(LoadedModel model) {
        this.model = model;
    }

    public static VisionModel load(Backend backend, ModelConfig config, Checkpoint checkpoint) {
        List<Program> programs = ServingPrograms.of(ModelPart.VISION, config);
        checkpoint.require(programs);
        return new VisionModel(backend.load(programs, checkpoint.weights(ModelPart.VISION), Optional.empty()));
    }

    /**
     * Encodes tiles. The output {@code "features"} is {@code [tiles * rowsPerTile, features]}, tile after tile.
     *
     * @param pixels {@code [tiles, channels, side, side]} F32, normalised
     */
    public LoadedModel.Outputs encode(HostTensor pixels) {
        return model.run(VisionProgram.NAME, Map.of(VisionProgram.PIXELS, pixels));
    }

    @Override
    public void close() {
        model.close();
    }
}
