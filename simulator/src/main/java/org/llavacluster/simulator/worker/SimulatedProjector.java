package org.llavacluster.simulator.worker;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerReport;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.simulator.VirtualTime;

/** A projector node: has embeddings, makes them of features that it pulls, or reports that they cannot be had. */
public final class SimulatedProjector extends SimulatedWorker {

    private final KeptTensors embeddings;
    private final Set<Consumer<Optional<KeptTensors.Tensor>>> pulls = new HashSet<>();

    public SimulatedProjector(String id, VirtualTime time, WorkerSpeed model, GatewayLink gateway) {
        super(id, WorkerRole.PROJECTOR, time, model, gateway);
        this.embeddings = new KeptTensors(model.keptEmbeddings());
    }

    /** @param vision where the features should be; null for nowhere */
    void pull(ContentDigest key, int rows, SimulatedVision vision, Consumer<Optional<KeptTensors.Tensor>> pull) {
        if (!reachable() || failing()) {
            pull.accept(Optional.empty());
            return;
        }
        pulls.add(pull);
        Optional<KeptTensors.Tensor> kept = embeddings.find(key);
        if (kept.isPresent()) {
            compute(2.0 * model.linkNanos(), () -> answer(pull, kept));
        } else if (vision == null) {
            answer(pull, Optional.empty());
        } else {
            vision.pull(key, features -> project(key, rows, features, pull));
        }
    }

    private void project(
            ContentDigest key,
            int rows,
            Optional<KeptTensors.Tensor> features,
            Consumer<Optional<KeptTensors.Tensor>> pull) {
        if (features.isEmpty()) {
            answer(pull, features);
            return;
        }
        compute(4.0 * model.linkNanos() + rows / model.rowsPerSecond() * 1e9, () -> {
            embeddings.put(key, features.get());
            answer(pull, features);
        });
    }

    private void answer(Consumer<Optional<KeptTensors.Tensor>> pull, Optional<KeptTensors.Tensor> tensor) {
        if (pulls.remove(pull)) {
            pull.accept(tensor);
        }
    }

    public void evict() {
        embeddings.clear();
    }

    @Override
    protected WorkerReport state() {
        return new WorkerReport(
                id(), role(), epoch(), identity(), draining(), 1, 0, 0, 0, model.rowsPerSecond() / slowness(), 0, 0);
    }

    @Override
    protected void clear() {
        embeddings.clear();
        List.copyOf(pulls).forEach(pull -> answer(pull, Optional.empty()));
    }

    @Override
    public int held() {
        return 0;
    }
}
