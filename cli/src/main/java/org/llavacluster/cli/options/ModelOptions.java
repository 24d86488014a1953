package org.llavacluster.cli.options;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavacluster.cli.Installation;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.GpuDriver;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.modelio.config.ModelFolder;
import picocli.CommandLine.Option;

/** Which model is served, and how. */
public final class ModelOptions {

    /** What computes. */
    public enum Engine {
        AUTO,
        SIMD,
        TENSORFLOW
    }

    /** Whether the model sees a picture as a person does or exactly as Hugging Face's processor does. */
    public enum PreprocessStyle {
        NATURAL,
        REFERENCE
    }

    @Option(names = "--model", paramLabel = "DIR", description = "A LLaVA folder in Hugging Face or original layout.")
    private Path model;

    @Option(
            names = "--vision-tower",
            paramLabel = "DIR",
            description =
                    "The CLIP folder of a model of the original layout; default: the one named by its config.json,"
                            + " if that is a local folder.")
    private Path visionTower;

    @Option(names = "--engine", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Engine engine = Engine.AUTO;

    @Option(names = "--weights", description = "${COMPLETION-CANDIDATES}; default: f32.")
    private WeightsFormat weights;

    @Option(names = "--kv", description = "${COMPLETION-CANDIDATES}; default: f32 beside weights of f32, else f16.")
    private KvType kv;

    @Option(names = "--preprocess", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private PreprocessStyle preprocess = PreprocessStyle.NATURAL;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of each worker; default: all cores.")
    private Integer threads;

    /** Whether the model that ships with the project is used because none was named. */
    public boolean isDefaultModel() {
        return model == null;
    }

    public Path folder() {
        return model == null ? Installation.defaultModel() : model;
    }

    public Optional<Path> visionTower() {
        return Optional.ofNullable(visionTower);
    }

    public Engine engine() {
        return engine;
    }

    /** Whether the choice of the engine leaves it to a worker to find a GPU. */
    public boolean mayUseGpu() {
        return engine != Engine.SIMD && GpuDriver.isPresent();
    }

    /** How the workers will hold weights. */
    public WeightsFormat weights() {
        return weights == null ? WeightsFormat.F32 : weights;
    }

    /** How K and V are stored. */
    public DType kv() {
        return kv == null ? weights().kv() : kv.dtype();
    }

    /** Of each worker; empty: all cores. */
    public OptionalInt threads() {
        return threads == null ? OptionalInt.empty() : OptionalInt.of(ThreadCount.checked(threads));
    }

    /** Reads and checks the folder's configuration. */
    public ModelFolder open() {
        return ModelFolder.open(folder(), visionTower());
    }

    /** The same choices as properties of a worker or gateway process. */
    public Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("llava.model", folder().toAbsolutePath().toString());
        visionTower()
                .ifPresent(folder -> properties.put(
                        "llava.vision-tower", folder.toAbsolutePath().toString()));
        properties.put("llava.engine", lower(engine));
        if (weights != null) {
            properties.put("llava.weights", lower(weights));
        }
        if (kv != null) {
            properties.put("llava.kv", kv.written());
        }
        properties.put("llava.preprocess", lower(preprocess));
        if (threads != null) {
            properties.put("llava.threads", threads.toString());
        }
        return properties;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }
}
