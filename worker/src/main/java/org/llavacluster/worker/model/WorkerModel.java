package org.llavacluster.worker.model;

import java.util.Locale;
import org.llavacluster.engine.Backend;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.checkpoint.RememberedFingerprints;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.WorkerProperties;
import org.llavacluster.node.server.StartupException;
import org.llavacluster.node.time.Clock;

/**
 * The loaded part of a model that a worker serves, and the backend that runs it. The owner closes the model first, then
 * the backend.
 *
 * @param revision revision of that part of the checkpoint
 */
public record WorkerModel<M>(ModelConfig config, String revision, Backend backend, M model) {

    private static final int EXIT_CODE = 1;

    /** Loads one part of a model. */
    @FunctionalInterface
    public interface Loader<M> {

        /**
         * @param checkpoint closed when this returns
         */
        M load(Backend backend, ModelConfig config, Checkpoint checkpoint);
    }

    /**
     * Loads the configured model's part.
     *
     * @throws StartupException naming file and field of a model that cannot be served
     * @throws org.llavacluster.node.config.PropertyException naming a property that asks for a missing engine, for more
     *     memory than the machine has, or for other weights
     */
    public static <M> WorkerModel<M> load(WorkerConfiguration configuration, ModelPart part, Loader<M> loader) {
        try {
            ModelFolder folder = ModelFolder.open(configuration.model(), configuration.visionTower());
            return load(configuration, WorkerBackends.open(configuration), folder, part, loader);
        } catch (ModelFormatException e) {
            throw new StartupException(e.getMessage(), EXIT_CODE, e);
        }
    }

    private static <M> WorkerModel<M> load(
            WorkerConfiguration configuration, Backend backend, ModelFolder folder, ModelPart part, Loader<M> loader) {
        RememberedFingerprints remembered =
                new RememberedFingerprints(configuration.packedCache(), Clock.SYSTEM::epochMillis);
        try (Checkpoint checkpoint = Checkpoint.open(folder, remembered)) {
            String revision = checkpoint.revision(part);
            requireFingerprint(configuration, part, revision);
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
            return new WorkerModel<>(folder.config(), revision, backend, model);
        } catch (RuntimeException e) {
            backend.close();
            throw e;
        }
    }

    private static void requireFingerprint(WorkerConfiguration configuration, ModelPart part, String revision) {
        configuration.fingerprint().filter(wanted -> !wanted.equals(revision)).ifPresent(wanted -> {
            throw new PropertyException("%s must be the fingerprint of the %s in %s, which is %s, but is %s"
                    .formatted(
                            WorkerProperties.MODEL_FINGERPRINT,
                            part.name().toLowerCase(Locale.ROOT),
                            configuration.model(),
                            revision,
                            wanted));
        });
    }
}
