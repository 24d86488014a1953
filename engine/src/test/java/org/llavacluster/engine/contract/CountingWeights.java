package org.llavacluster.engine.contract;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatScan;
import org.llavacluster.engine.Weights;

/** Weights that count the elements that are scanned. */
public final class CountingWeights implements Weights {

    private final Weights weights;
    private final Map<String, Long> scanned = new ConcurrentHashMap<>();

    public CountingWeights(Weights weights) {
        this.weights = weights;
    }

    @Override
    public Weight get(String name) {
        Weight weight = weights.get(name);
        FloatScan counting = (dtype, floats) -> {
            scanned.merge(name, floats.byteSize() / dtype.bytes(), Long::sum);
            weight.scan().scan(dtype, floats);
        };
        return new Weight(name, weight.dtype(), weight.shape(), weight.bytes(), counting);
    }

    @Override
    public DType dtype(String name) {
        return weights.dtype(name);
    }

    @Override
    public Optional<String> digest() {
        return weights.digest();
    }

    /** Elements that were scanned so far, by weight; those scanned twice count twice. */
    public Map<String, Long> scanned() {
        return Map.copyOf(scanned);
    }
}
