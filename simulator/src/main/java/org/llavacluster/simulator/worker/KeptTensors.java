package org.llavacluster.simulator.worker;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.scheduling.name.ContentDigest;

/** Tensors that a node keeps by their names, the least recently used given up first. */
final class KeptTensors {

    /** @param tenant for whose request it was made */
    record Tensor(long content, String tenant) {}

    private final int most;
    private final Map<ContentDigest, Tensor> tensors = new LinkedHashMap<>(16, 0.75f, true);

    KeptTensors(int most) {
        this.most = most;
    }

    void put(ContentDigest key, Tensor tensor) {
        tensors.putIfAbsent(key, tensor);
        if (tensors.size() > most) {
            tensors.remove(tensors.keySet().iterator().next());
        }
    }

    Optional<Tensor> find(ContentDigest key) {
        return Optional.ofNullable(tensors.get(key));
    }

    void clear() {
        tensors.clear();
    }
}
