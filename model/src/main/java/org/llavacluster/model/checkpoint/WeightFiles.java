package org.llavacluster.model.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.llavacluster.modelio.config.ModelFormatException;

/** Finds and maps the weights of one folder: one file, or several with an index. */
final class WeightFiles {

    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** Unsupported weight formats. The first four are pickled and would run code when loaded. */
    private static final List<String> FOREIGN = List.of(".bin", ".pt", ".pth", ".ckpt", ".gguf", ".h5", ".msgpack");

    private static final long MAX_INDEX_BYTES = 16L << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path folder;
    private final String labelPrefix;
    private final Arena arena;

    private WeightFiles(Path folder, String labelPrefix, Arena arena) {
        this.folder = folder;
        this.labelPrefix = labelPrefix;
        this.arena = arena;
    }

    /**
     * All tensors of a folder, by their names in its files.
     *
     * @param labelPrefix precedes file names in messages
     */
    static Map<String, CheckpointTensor> map(Path folder, String labelPrefix, Arena arena) {
        return new WeightFiles(folder, labelPrefix, arena).map();
    }

    private Map<String, CheckpointTensor> map() {
        if (Files.exists(folder.resolve(SINGLE))) {
            return byName(SafetensorsFile.map(folder.resolve(SINGLE), label(SINGLE), arena));
        }
        if (Files.exists(folder.resolve(INDEX))) {
            return mapShards();
        }
        throw nothingToRead();
    }

    private Map<String, CheckpointTensor> mapShards() {
        Map<String, String> index = index();
        List<CheckpointTensor> tensors = new ArrayList<>();
        for (String file : index.values().stream().distinct().sorted().toList()) {
            tensors.addAll(SafetensorsFile.map(inside(file), label(file), arena));
        }
        Map<String, CheckpointTensor> byName = byName(tensors);
        index.forEach((name, file) -> {
            CheckpointTensor tensor = byName.get(name);
            if (tensor == null || !tensor.file().equals(label(file))) {
                throw new ModelFormatException(
                        label(INDEX) + ": weight_map expects " + name + " in " + file + ", which does not contain it");
            }
        });
        return byName;
    }

    private Map<String, CheckpointTensor> byName(List<CheckpointTensor> tensors) {
        Map<String, CheckpointTensor> byName = new LinkedHashMap<>();
        for (CheckpointTensor tensor : tensors) {
            CheckpointTensor other = byName.put(tensor.name(), tensor);
            if (other != null) {
                throw new ModelFormatException(tensor.file() + ": " + tensor.name() + " is also in " + other.file());
            }
        }
        return byName;
    }

    /** Maps tensor names to file names. */
    private Map<String, String> index() {
        JsonNode weightMap = readIndex().path("weight_map");
        if (!weightMap.isObject() || weightMap.isEmpty()) {
            throw new ModelFormatException(label(INDEX) + ": weight_map is not an object or is empty");
        }
        Map<String, String> index = new TreeMap<>();
        weightMap.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new ModelFormatException(label(INDEX) + ": weight_map: " + entry.getKey() + " names no file");
            }
            index.put(entry.getKey(), entry.getValue().textValue());
        });
        return index;
    }

    private JsonNode readIndex() {
        Path path = folder.resolve(INDEX);
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > MAX_INDEX_BYTES) {
                throw new ModelFormatException(
                        label(INDEX) + ": is not a regular file of at most " + MAX_INDEX_BYTES + " bytes");
            }
            return JSON.readTree(path.toFile());
        } catch (JsonProcessingException e) {
            String cause = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new ModelFormatException(label(INDEX) + ": is not valid JSON: " + cause, e);
        } catch (IOException e) {
            throw new ModelFormatException(
                    label(INDEX) + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    /** The shard of that name, which must be in the folder itself. */
    private Path inside(String file) {
        if (!file.matches("[^/\\\\\\p{Cntrl}]+") || file.equals("..") || file.equals(".")) {
            throw outside(file);
        }
        Path path = folder.resolve(file);
        if (!Files.exists(path)) {
            throw new ModelFormatException(label(file) + ": is missing; " + INDEX + " names it");
        }
        try {
            Path real = path.toRealPath();
            if (!real.startsWith(folder.toRealPath()) && !isInHubCache(real)) {
                throw outside(file);
            }
            return real;
        } catch (IOException e) {
            throw new ModelFormatException(
                    label(file) + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    private ModelFormatException outside(String file) {
        return new ModelFormatException(
                label(INDEX) + ": weight_map names a file outside the folder: " + file.replaceAll("\\p{Cntrl}", "?"));
    }

    /**
     * Whether the file is in the Hub's cache, which keeps a model as {@code snapshots/REVISION/FILE} with symbolic
     * links to {@code blobs/DIGEST}.
     */
    private boolean isInHubCache(Path real) throws IOException {
        Path snapshots = folder.toRealPath().getParent();
        return snapshots != null
                && snapshots.endsWith("snapshots")
                && real.startsWith(snapshots.resolveSibling("blobs"));
    }

    private ModelFormatException nothingToRead() {
        Optional<String> foreign = foreignFile();
        String missing = "neither " + SINGLE + " nor " + INDEX + " is there";
        return new ModelFormatException(
                foreign.map(file -> label(file) + ": cannot be loaded, weights are read from safetensors"
                                + " files only and " + missing + "; save the model again with transformers:"
                                + " save_pretrained(folder, safe_serialization=True)")
                        .orElse(label(SINGLE) + ": is missing; " + missing));
    }

    private Optional<String> foreignFile() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> FOREIGN.stream().anyMatch(file::endsWith))
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            throw new ModelFormatException(
                    folder.getFileName() + ": folder cannot be read: "
                            + e.getClass().getSimpleName(),
                    e);
        }
    }

    private String label(String file) {
        return labelPrefix + file;
    }
}
