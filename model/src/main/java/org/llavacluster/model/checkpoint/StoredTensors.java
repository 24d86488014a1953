package org.llavacluster.model.checkpoint;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.modelio.config.ModelFormatException;

/**
 * The tensors of safetensors files under their names there, mapped into memory: for tools that take a folder's tensors
 * as they are. The files must not change while this is open. Thread-safe.
 */
public final class StoredTensors implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

    private StoredTensors() {}

    /**
     * Maps the weights of a folder: {@code model.safetensors}, or the files that its index names.
     *
     * @param label precedes the files' names in messages
     * @throws ModelFormatException naming the file that is missing or cannot be read
     */
    public static StoredTensors ofFolder(Path folder, String label) {
        StoredTensors opened = new StoredTensors();
        return opened.with(() -> WeightFiles.map(folder, label, opened.arena).values());
    }

    /**
     * Maps one file.
     *
     * @throws ModelFormatException naming the file if it is missing or cannot be read
     */
    public static StoredTensors ofFile(Path file) {
        StoredTensors opened = new StoredTensors();
        return opened.with(() -> SafetensorsFile.map(file, file.toString(), opened.arena));
    }

    private interface Mapping {
        Collection<CheckpointTensor> map();
    }

    private StoredTensors with(Mapping mapping) {
        try {
            mapping.map().forEach(tensor -> tensors.put(tensor.name(), StoredTensor.of(tensor)));
            return this;
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** All tensors, file after file. */
    public List<StoredTensor> all() {
        return List.copyOf(tensors.values());
    }

    /** The tensors by name, in the order of {@link #all}. */
    public Map<String, StoredTensor> byName() {
        return Collections.unmodifiableMap(tensors);
    }

    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    @Override
    public void close() {
        arena.close();
    }
}
