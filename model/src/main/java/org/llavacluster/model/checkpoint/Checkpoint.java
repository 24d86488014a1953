package org.llavacluster.model.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatScan;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.ModelPart;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.ModelFormatException;

/**
 * The weights of a model folder, mapped into memory, under the names that the programs use. The files must not change
 * while this is open: if a mapped file shrinks, the JVM crashes. Thread-safe.
 */
public final class Checkpoint implements AutoCloseable {

    private final Arena arena;
    private final Map<ModelPart, String> fingerprints = new ConcurrentHashMap<>();
    private final ModelConfig config;
    private final Path folder;
    private final RememberedFingerprints remembered;
    private final SortedMap<String, CheckpointTensor> weights = new TreeMap<>();
    private final List<CheckpointTensor> unknown = new ArrayList<>();

    private Checkpoint(ModelFolder model, RememberedFingerprints remembered, Arena arena) {
        this.folder = model.folder();
        this.config = model.config();
        this.remembered = remembered;
        this.arena = arena;
    }

    /** Opens a checkpoint without remembered fingerprints. */
    public static Checkpoint open(ModelFolder model) {
        return open(model, RememberedFingerprints.NONE);
    }

    /**
     * Maps a folder's weights. Weights of the vision tower's folder are used where the model folder has none, because a
     * tower that was trained further is stored with the model.
     *
     * @param remembered fingerprints of earlier starts
     * @throws ModelFormatException naming the file if one cannot be read as safetensors
     */
    public static Checkpoint open(ModelFolder model, RememberedFingerprints remembered) {
        Checkpoint checkpoint = new Checkpoint(model, remembered, Arena.ofShared());
        try {
            checkpoint.map(model.visionTower());
            return checkpoint;
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /**
     * The weights by the programs' names, with a digest of that part; valid until this is closed. Reading
     * one throws {@link ModelFormatException} if it contains NaN or infinity, which would otherwise appear as garbled
     * answers.
     */
    public Weights weights(ModelPart part) {
        return new Weights() {
            @Override
            public Weight get(String name) {
                return weight(name);
            }

            @Override
            public DType dtype(String name) {
                return dtypeOf(stored(name));
            }

            @Override
            public Optional<String> digest() {
                return Optional.of(fingerprint(part));
            }
        };
    }

    /**
     * Checks that the folder has the programs' weights in their shapes, and no unknown tensors in those parts.
     *
     * @throws ModelFormatException listing all that are missing, unexpected or misshaped, by their names in the files
     */
    public void require(List<Program> programs) {
        new WeightInventory(config, folder, weights, unknown).require(programs);
    }

    /**
     * A hex fingerprint of that part. It is equal for equal settings and weights, whatever the names of the files and
     * the distribution of weights over them. Only samples of large weights are read, see {@link Fingerprint}.
     */
    public String revision(ModelPart part) {
        return Fingerprint.of(settings(part), fingerprint(part));
    }

    /** Fingerprint of that part's weights, computed once because reading them takes seconds on a slow disk. */
    private String fingerprint(ModelPart part) {
        return fingerprints.computeIfAbsent(part, key -> remembered.of(used(key)));
    }

    private SortedMap<String, CheckpointTensor> used(ModelPart part) {
        String prefix = WeightInventory.prefix(part);
        SortedMap<String, CheckpointTensor> used = new TreeMap<>();
        weights.forEach((name, tensor) -> {
            if (name.startsWith(prefix) && !isUnused(name, config)) {
                used.put(name, tensor);
            }
        });
        return used;
    }

    /** Bytes of the model's weights in the files, by stored element type. */
    public SortedMap<String, Long> storedBytes() {
        SortedMap<String, Long> bytes = new TreeMap<>();
        weights.values()
                .forEach(tensor -> bytes.merge(tensor.dtype(), tensor.bytes().byteSize(), Long::sum));
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }

    /** Whether files may contain that weight although inference with this configuration does not read it. */
    static boolean isUnused(String weight, ModelConfig config) {
        return switch (weight) {
            case "decoder.lm_head.weight" -> config.decoder().tiedEmbeddings();
            case "projector.image_newline" -> config.image().merge() != Merge.SPATIAL_UNPAD;
            default -> isUnusedVisionLayer(weight, config);
        };
    }

    /** Whether it belongs to a layer of CLIP above the highest one whose features are used. */
    private static boolean isUnusedVisionLayer(String weight, ModelConfig config) {
        String layers = "vision.encoder.layers.";
        if (!weight.startsWith(layers)) {
            return false;
        }
        String number =
                weight.substring(layers.length(), Math.max(layers.length(), weight.indexOf('.', layers.length())));
        if (!number.matches("\\d{1,6}")) {
            return false;
        }
        int layer = Integer.parseInt(number);
        return layer >= Collections.max(config.vision().featureLayers())
                && layer < config.vision().layers();
    }

    private void map(Optional<Path> visionTower) {
        add(WeightFiles.map(folder, "", arena), TensorNames::place);
        boolean hasVision = !weights.tailMap("vision.").isEmpty();
        if (visionTower.isPresent() && !hasVision) {
            Path tower = visionTower.get();
            Path name = tower.toAbsolutePath().normalize().getFileName();
            add(WeightFiles.map(tower, name + "/", arena), TensorNames::placeInTower);
        }
    }

    private void add(Map<String, CheckpointTensor> stored, Function<String, TensorNames.Place> place) {
        for (CheckpointTensor tensor : stored.values()) {
            switch (place.apply(tensor.name())) {
                case TensorNames.Place.Weight(String name) -> {
                    CheckpointTensor other = weights.put(name, tensor);
                    if (other != null) {
                        throw new ModelFormatException(
                                tensor.file() + ": " + tensor.name() + " and " + other.name() + " are the same weight");
                    }
                }
                case TensorNames.Place.Ignored() -> {}
                case TensorNames.Place.Unknown() -> unknown.add(tensor);
            }
        }
    }

    private CheckpointTensor stored(String name) {
        CheckpointTensor tensor = weights.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no weight " + name);
        }
        return tensor;
    }

    private static DType dtypeOf(CheckpointTensor tensor) {
        return WeightInventory.dtype(tensor)
                .orElseThrow(() -> new ModelFormatException(
                        tensor.file() + ": " + tensor.name() + ": dtype " + tensor.dtype() + " is not supported"));
    }

    private Weights.Weight weight(String name) {
        CheckpointTensor tensor = stored(name);
        DType dtype = dtypeOf(tensor);
        FloatScan scan = FloatScan.finite(
                () -> new ModelFormatException(tensor.file() + ": " + tensor.name() + " contains NaN or infinity"));
        return new Weights.Weight(name, dtype, tensor.shape(), tensor.bytes(), scan);
    }

    private String settings(ModelPart part) {
        return switch (part) {
            case VISION -> config.vision().toString();
            case PROJECTOR -> config.projector() + " " + config.image().merge();
            case DECODER -> config.decoder().toString();
        };
    }
}
