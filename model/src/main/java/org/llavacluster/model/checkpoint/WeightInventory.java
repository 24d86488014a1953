package org.llavacluster.model.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.ModelPart;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.config.ProjectorConfig;

/** Compares the weights of a folder with those that programs need and reports all differences at once. */
final class WeightInventory {

    /** Largest number of items written out per kind of difference; the others are counted. */
    private static final int LISTED = 64;

    private static final String PICKLED_PROJECTOR = "mm_projector.bin";

    private final ModelConfig config;
    private final Path folder;
    private final SortedMap<String, CheckpointTensor> weights;
    private final List<CheckpointTensor> unknown;

    WeightInventory(
            ModelConfig config,
            Path folder,
            SortedMap<String, CheckpointTensor> weights,
            List<CheckpointTensor> unknown) {
        this.config = config;
        this.folder = folder;
        this.weights = weights;
        this.unknown = unknown;
    }

    static String prefix(ModelPart part) {
        return part.name().toLowerCase(Locale.ROOT) + ".";
    }

    /** The element type that backends read; empty if unsupported. */
    static Optional<DType> dtype(CheckpointTensor tensor) {
        return switch (tensor.dtype()) {
            case "F32" -> Optional.of(DType.F32);
            case "F16" -> Optional.of(DType.F16);
            case "BF16" -> Optional.of(DType.BF16);
            default -> Optional.empty();
        };
    }

    void require(List<Program> programs) {
        SortedMap<String, List<Long>> needed = needed(programs);
        List<String> faults = new ArrayList<>();
        Set<ModelPart> absent = absentParts(needed, faults);
        addMissing(needed, absent, faults);
        addMisfits(needed, faults);
        addUnexpected(needed, faults);
        if (!faults.isEmpty()) {
            throw new ModelFormatException(fileLabel() + ": " + String.join("; ", faults));
        }
    }

    private static SortedMap<String, List<Long>> needed(List<Program> programs) {
        SortedMap<String, List<Long>> needed = new TreeMap<>();
        for (Program program : programs) {
            program.weights().forEach(weight -> needed.put(weight.name(), weight.shape()));
        }
        return needed;
    }

    /** Parts without any weights, for which one sentence is clearer than a list of all their weights. */
    private Set<ModelPart> absentParts(SortedMap<String, List<Long>> needed, List<String> faults) {
        Set<ModelPart> absent = EnumSet.noneOf(ModelPart.class);
        if (isAbsent(ModelPart.VISION, needed)) {
            absent.add(ModelPart.VISION);
            faults.add(
                    config.layout() == ModelConfig.Layout.ORIGINAL
                            ? "no vision weights: pass --vision-tower with the folder of the CLIP model that"
                                    + " config.json"
                                    + " names as mm_vision_tower"
                            : "no vision weights, which this layout keeps in the model's own files: fetch the"
                                    + " model again");
        }
        if (isAbsent(ModelPart.PROJECTOR, needed) && Files.exists(folder.resolve(PICKLED_PROJECTOR))) {
            absent.add(ModelPart.PROJECTOR);
            faults.add("no projector weights, and " + PICKLED_PROJECTOR
                    + " is pickled, which is never loaded: save its tensors to the safetensors file");
        }
        return absent;
    }

    private boolean isAbsent(ModelPart part, SortedMap<String, List<Long>> needed) {
        String prefix = prefix(part);
        return needed.keySet().stream().anyMatch(name -> name.startsWith(prefix))
                && weights.keySet().stream().noneMatch(name -> name.startsWith(prefix));
    }

    private void addMissing(SortedMap<String, List<Long>> needed, Set<ModelPart> absent, List<String> faults) {
        Set<String> stored = new HashSet<>();
        weights.values().forEach(tensor -> stored.add(tensor.name()));
        boolean linear = config.projector().kind() == ProjectorConfig.Kind.LINEAR;
        TensorNaming naming = TensorNaming.of(stored, needed.keySet(), linear);
        List<String> missing = needed.entrySet().stream()
                .filter(entry -> !weights.containsKey(entry.getKey()))
                .filter(entry ->
                        absent.stream().noneMatch(part -> entry.getKey().startsWith(prefix(part))))
                .map(entry -> naming.write(entry.getKey(), linear) + " " + entry.getValue())
                .toList();
        addList("missing", missing, faults);
    }

    private void addMisfits(SortedMap<String, List<Long>> needed, List<String> faults) {
        List<String> misshaped = new ArrayList<>();
        List<String> unsupported = new ArrayList<>();
        needed.forEach((name, shape) -> {
            CheckpointTensor tensor = weights.get(name);
            if (tensor == null) {
                return;
            }
            if (!shape.equals(Arrays.stream(tensor.shape()).boxed().toList())) {
                misshaped.add(tensor.described() + " instead of " + shape);
            }
            if (dtype(tensor).isEmpty()) {
                unsupported.add(tensor.name() + " " + tensor.dtype());
            }
        });
        addList("misshaped", misshaped, faults);
        addList("dtype is not F32, F16 or BF16", unsupported, faults);
    }

    private void addUnexpected(SortedMap<String, List<Long>> needed, List<String> faults) {
        Set<String> parts = new HashSet<>();
        needed.keySet().forEach(name -> parts.add(name.substring(0, name.indexOf('.'))));
        List<String> unexpected = new ArrayList<>();
        unknown.forEach(tensor -> unexpected.add(tensor.described()));
        for (Map.Entry<String, CheckpointTensor> weight : weights.entrySet()) {
            String name = weight.getKey();
            boolean ofThese = parts.contains(name.substring(0, name.indexOf('.')));
            if (ofThese && !needed.containsKey(name) && !Checkpoint.isUnused(name, config)) {
                unexpected.add(weight.getValue().described());
            }
        }
        addList("unexpected", unexpected, faults);
    }

    private static void addList(String fault, List<String> tensors, List<String> faults) {
        if (tensors.isEmpty()) {
            return;
        }
        String listed = String.join(", ", tensors.subList(0, Math.min(LISTED, tensors.size())));
        String more = tensors.size() > LISTED ? " and " + (tensors.size() - LISTED) + " more" : "";
        faults.add(fault + ": " + listed + more);
    }

    private String fileLabel() {
        return Files.exists(folder.resolve(WeightFiles.SINGLE)) ? WeightFiles.SINGLE : WeightFiles.INDEX;
    }
}
