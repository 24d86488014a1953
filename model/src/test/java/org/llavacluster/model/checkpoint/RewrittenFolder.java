package org.llavacluster.model.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.modelio.config.ModelFolder;

/** The 1.5 fixture to be written to a folder under other names and in other ways, after changes by the test. */
final class RewrittenFolder {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path source = Fixture.path("llava-1.5-tiny");

    /** By the programs' names. */
    final Map<String, CheckpointTensor> weights = new TreeMap<>();

    /** Other tensors for the file, by their names in it. */
    final List<CheckpointTensor> others = new ArrayList<>();

    RewrittenFolder() {
        for (CheckpointTensor tensor : SafetensorsFile.map(source.resolve("model.safetensors"), "", Arena.ofAuto())) {
            switch (TensorNames.place(tensor.name())) {
                case TensorNames.Place.Weight(String name) -> weights.put(name, tensor);
                case TensorNames.Place.Ignored() -> others.add(tensor);
                case TensorNames.Place.Unknown() -> throw new AssertionError(tensor.name());
            }
        }
    }

    /** Stores all weights as float16. */
    void roundToHalves() {
        weights.replaceAll((name, tensor) -> {
            HostTensor halves = HostTensor.heap(DType.F16, tensor.shape());
            FloatConversion.convert(DType.F32, tensor.bytes(), DType.F16, halves.bytes());
            return new CheckpointTensor(SafetensorsWriter.UNWRITTEN, 0, name, "F16", tensor.shape(), halves.bytes());
        });
    }

    /** Stores float16 weights as float32 of the same values. */
    void widenHalves() {
        weights.replaceAll((name, tensor) -> {
            HostTensor floats = HostTensor.heap(DType.F32, tensor.shape());
            FloatConversion.convert(DType.F16, tensor.bytes(), DType.F32, floats.bytes());
            return new CheckpointTensor(SafetensorsWriter.UNWRITTEN, 0, name, "F32", tensor.shape(), floats.bytes());
        });
    }

    /** Hugging Face's layout. */
    ModelFolder write(Path folder, TensorNaming naming) {
        copy(folder, "config.json");
        copy(folder, "preprocessor_config.json");
        SafetensorsWriter.write(folder.resolve("model.safetensors"), named(naming, "", false));
        return ModelFolder.open(folder, Optional.empty());
    }

    /** The original layout, with CLIP in a folder beside it. */
    ModelFolder writeOriginal(Path folder, TensorNaming naming, boolean linearProjector) {
        Path tower = mkdirs(folder.resolve("clip"));
        copy(tower, "preprocessor_config.json");
        ObjectNode config = read("config.json");
        ObjectNode original = config.withObject("text_config");
        original.put("model_type", "llava_llama")
                .put("mm_vision_tower", "clip")
                .put("mm_hidden_size", 48)
                .put("mm_projector_type", linearProjector ? "linear" : "mlp2x_gelu");
        write(folder.resolve("config.json"), original);
        ObjectNode clip = JSON.createObjectNode().put("model_type", "clip");
        clip.set("vision_config", config.get("vision_config"));
        write(tower.resolve("config.json"), clip);

        if (naming == TensorNaming.ORIGINAL) {
            List<CheckpointTensor> whole = named(naming, "vision.", linearProjector);
            byte[] four = new byte[4];
            whole.add(SafetensorsWriter.tensor("text_model.final_layer_norm.weight", "F32", four, 1));
            whole.add(SafetensorsWriter.tensor("visual_projection.weight", "F32", four, 1, 1));
            whole.add(SafetensorsWriter.tensor("text_projection.weight", "F32", four, 1, 1));
            whole.add(SafetensorsWriter.tensor("logit_scale", "F32", four));
            whole.add(SafetensorsWriter.tensor("vision_model.embeddings.position_ids", "I64", new byte[8], 1));
            SafetensorsWriter.write(tower.resolve("model.safetensors"), whole);
        }
        List<CheckpointTensor> own = named(naming, "decoder.", linearProjector);
        own.addAll(named(naming, "projector.", linearProjector));
        if (naming != TensorNaming.ORIGINAL) {
            own.addAll(named(naming, "vision.", linearProjector));
        }
        SafetensorsWriter.write(folder.resolve("model.safetensors"), own);
        return ModelFolder.open(folder, Optional.empty());
    }

    private List<CheckpointTensor> named(TensorNaming naming, String prefix, boolean linearProjector) {
        List<CheckpointTensor> tensors = new ArrayList<>(prefix.isEmpty() ? others : List.of());
        weights.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                String written = naming.write(name, linearProjector);
                tensors.add(new CheckpointTensor(
                        SafetensorsWriter.UNWRITTEN, 0, written, tensor.dtype(), tensor.shape(), tensor.bytes()));
            }
        });
        return tensors;
    }

    private ObjectNode read(String file) {
        try {
            return (ObjectNode) JSON.readTree(source.resolve(file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, ObjectNode json) {
        try {
            JSON.writeValue(file.toFile(), json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void copy(Path folder, String file) {
        try {
            Files.copy(source.resolve(file), folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path mkdirs(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
