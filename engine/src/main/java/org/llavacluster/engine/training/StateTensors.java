package org.llavacluster.engine.training;

import java.util.Map;
import java.util.Optional;
import org.llavacluster.engine.HostTensor;

/**
 * The tensors of all weights that learn, in one state: read-only, and to be closed before the model changes again.
 *
 * @param byWeight closed with this
 */
public record StateTensors(Map<String, HostTensor> byWeight) implements AutoCloseable {

    public StateTensors {
        byWeight = Map.copyOf(byWeight);
    }

    /** The tensor of a weight; empty if it does not learn. */
    public Optional<HostTensor> find(String weight) {
        return Optional.ofNullable(byWeight.get(weight));
    }

    /**
     * The tensor of a weight.
     *
     * @throws IllegalArgumentException if it does not learn
     */
    public HostTensor of(String weight) {
        return find(weight).orElseThrow(() -> new IllegalArgumentException(weight + " does not learn"));
    }

    @Override
    public void close() {
        byWeight.values().forEach(HostTensor::close);
    }
}
