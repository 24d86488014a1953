package org.llavacluster.worker.model;

import org.llavacluster.engine.Backend;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.checkpoint.RememberedFingerprints;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.node.server.StartupException;
import org.llavacluster.node.time.Clock;
import org.llavacluster.text.config.ModelConfig;
import org.llavacluster.text.config.ModelFolder;
import org.llavacluster.text.config.ModelFormatException;
import org.llavacluster.worker.config.WorkerConfiguration;
import org.llavacluster.worker.engine.Engines;
import org.llavacluster.worker.memory.MemoryCheck;

/**
 * The part of a model that a worker serves, loaded, and the backend that runs it. Whoever holds it closes first the model, then the
 * backend.
 *
 * @param revision the checkpoint's of that part
 */
public record WorkerModel<M>(ModelConfig config, String revision, Backend backend, M model) {

    private static final int EXIT_CODE = 1;

    /** Loads one part of a model. */
    @FunctionalInterface
    public interface Loader<M> {

        /** @param checkpoint closed when this returns */
        M load(Backend backend, ModelConfig config, Checkpoint checkpoint);
    }

    /**
     * Loads a part of the model that the configuration names.
     *
     * @throws StartupException naming file and field of a model that cannot be served
     * @throws org.llavacluster.node.config.PropertyException naming a property that asks for an engine which there is not, or for
     *     more memory than there is
     */
    public static <M> WorkerModel<M> load(WorkerConfiguration configuration, ModelPart part, Loader<M> loader) {
        try {
            ModelFolder folder = ModelFolder.open(configuration.model(), configuration.visionTower());
            return load(configuration, Engines.open(configuration), folder, part, loader);
        } catch (ModelFormatException e) {
            throw new StartupException(e.getMessage(), EXIT_CODE, e);
        }
    }

    private static <M> WorkerModel<M> load(
            WorkerConfiguration configuration, Backend backend, ModelFolder folder, ModelPart part, Loader<M> loader) {
        RememberedFingerprints remembered =
                new RememberedFingerprints(configuration.packedCache(), Clock.SYSTEM::epochMillis);
        try (Checkpoint checkpoint = Checkpoint.open(folder, remembered)) {
            if (backend.usesHostMemory()) {
                MemoryCheck.require(
                        configuration,
                        folder.config(),
                        part,
                        backend.name(),
                        MachineMemory.bytes(),
                        MachineMemory.bytesAvailableNow());
            }
            M model = loader.load(backend, folder.config(), checkpoint);
            return new WorkerModel<>(folder.config(), checkpoint.revision(part), backend, model);
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }
}
