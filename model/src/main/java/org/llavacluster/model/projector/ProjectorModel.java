package org.llavacluster.model.projector;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.modelio.config.ModelConfig;

/** A loaded projector: features of one image to rows as they enter the decoder. Thread-safe. */
public final class ProjectorModel implements AutoCloseable {

    private final Backend backend;
    private final LoadedModel model;

    private ProjectorModel(Backend backend, LoadedModel model) {
        this.backend = backend;
        this.model = model;
    }

    public static ProjectorModel load(Backend backend, ModelConfig config, Checkpoint checkpoint) {
        List<Program> programs = ServingPrograms.of(ModelPart.PROJECTOR, config);
        checkpoint.require(programs);
        return new ProjectorModel(
                backend, backend.load(programs, checkpoint.weights(ModelPart.PROJECTOR), Optional.empty()));
    }

    /**
     * Projects features and puts the rows in order. The output {@code "embeddings"} is {@code [rowOrder.length,
     * hidden]} F32.
     *
     * @param features {@code [rows, inputSize]} F32 or F16
     * @param rowOrder for each row of the result the row of the features; {@code rows} is the newline row
     */
    public LoadedModel.Outputs project(HostTensor features, int[] rowOrder) {
        try (HostTensor order = backend.allocate(DType.I32, rowOrder.length)) {
            MemorySegment.copy(rowOrder, 0, order.bytes(), HostTensor.INT, 0, rowOrder.length);
            if (features.dtype() == DType.F32) {
                return run(features, order);
            }
            try (HostTensor widened = backend.allocate(DType.F32, features.shape())) {
                FloatConversion.convert(features.dtype(), features.bytes(), DType.F32, widened.bytes());
                return run(widened, order);
            }
        }
    }

    @Override
    public void close() {
        model.close();
    }

    private LoadedModel.Outputs run(HostTensor features, HostTensor rowOrder) {
        return model.run(
                ProjectorProgram.NAME,
                Map.of(ProjectorProgram.FEATURES, features, ProjectorProgram.ROW_ORDER, rowOrder));
    }
}
