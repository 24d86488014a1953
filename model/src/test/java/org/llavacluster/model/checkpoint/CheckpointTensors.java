package org.llavacluster.model.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llavacluster.engine.HostTensor;

/** The float32 tensors of any safetensors file, copied to the heap. */
public final class CheckpointTensors {

    private CheckpointTensors() {}

    public static Map<String, HostTensor> read(Path file) {
        Map<String, HostTensor> tensors = new LinkedHashMap<>();
        try (Arena arena = Arena.ofConfined()) {
            for (CheckpointTensor stored :
                    SafetensorsFile.map(file, file.getFileName().toString(), arena)) {
                HostTensor tensor =
                        HostTensor.heap(WeightInventory.dtype(stored).orElseThrow(), stored.shape());
                MemorySegment.copy(
                        stored.bytes(), 0, tensor.bytes(), 0, stored.bytes().byteSize());
                tensors.put(stored.name(), tensor);
            }
        }
        return tensors;
    }
}
