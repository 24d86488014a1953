package org.llavacluster.simulator.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerReport;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.simulator.VirtualTime;
import org.llavacluster.simulator.history.Universe;

/** A vision node: encodes one image after the other, each result as soon as it is known. */
public final class SimulatedVision extends SimulatedWorker {

    private record Job(long batch, EncodeRow row, boolean last) {}

    private final Deque<Job> jobs = new ArrayDeque<>();
    private final KeptTensors features;
    private final Map<ContentDigest, List<Consumer<Optional<KeptTensors.Tensor>>>> pulls = new HashMap<>();
    private Job running; // null when idle
    private boolean dropped; // of the running one

    public SimulatedVision(String id, VirtualTime time, WorkerSpeed model, GatewayLink gateway) {
        super(id, WorkerRole.VISION, time, model, gateway);
        this.features = new KeptTensors(model.keptFeatures());
    }

    public void encode(long batch, List<EncodeRow> rows) {
        if (failing()) {
            send(() -> gateway.tell(new ClusterEvent.BatchEnded(batch, true)));
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            jobs.add(new Job(batch, rows.get(i), i == rows.size() - 1));
        }
        next(true);
    }

    private void next(boolean newBatch) {
        if (running != null || jobs.isEmpty()) {
            return;
        }
        running = jobs.poll();
        dropped = false;
        boolean there = features.find(running.row().featureKey()).isPresent();
        double tiles = there ? 0 : running.row().tiles() / model.tilesPerSecond() * 1e9;
        compute(tiles + (newBatch ? model.batchNanos() : 0), this::done);
    }

    private void done() {
        Job job = running;
        running = null;
        ContentDigest key = job.row().featureKey();
        if (Universe.isBroken(job.row().content())) {
            send(() -> gateway.tell(new ClusterEvent.ImageRefused(job.batch(), key)));
            settle(key, Optional.empty());
        } else {
            KeptTensors.Tensor made =
                    new KeptTensors.Tensor(job.row().content(), job.row().tenant());
            features.put(key, made);
            send(() -> gateway.tell(new ClusterEvent.ImageEncoded(job.batch(), key)));
            settle(key, features.find(key));
        }
        if (job.last() && !dropped) {
            send(() -> gateway.tell(new ClusterEvent.BatchEnded(job.batch(), false)));
        }
        next(job.last());
    }

    private void settle(ContentDigest key, Optional<KeptTensors.Tensor> tensor) {
        List<Consumer<Optional<KeptTensors.Tensor>>> waiting = pulls.remove(key);
        if (waiting != null) {
            waiting.forEach(pull -> pull.accept(tensor));
        }
    }

    /** The gateway ends a batch's call. */
    public void drop(long batch) {
        List<Job> gone = jobs.stream().filter(job -> job.batch() == batch).toList();
        jobs.removeAll(gone);
        gone.forEach(job -> settle(job.row().featureKey(), Optional.empty()));
        dropped |= running != null && running.batch() == batch;
    }

    /** Hands features over: now, when they are made, or not. */
    void pull(ContentDigest key, Consumer<Optional<KeptTensors.Tensor>> pull) {
        boolean pending = running != null && running.row().featureKey().equals(key)
                || jobs.stream().anyMatch(job -> job.row().featureKey().equals(key));
        if (!reachable()) {
            pull.accept(Optional.empty());
        } else if (features.find(key).isPresent() || !pending) {
            pull.accept(features.find(key));
        } else {
            pulls.computeIfAbsent(key, _ -> new ArrayList<>()).add(pull);
        }
    }

    public void evict() {
        features.clear();
    }

    @Override
    protected WorkerReport state() {
        int tiles = jobs.stream().mapToInt(job -> job.row().tiles()).sum()
                + (running == null ? 0 : running.row().tiles());
        return new WorkerReport(
                id(),
                role(),
                epoch(),
                identity(),
                draining(),
                1,
                running == null ? 0 : 1,
                jobs.size(),
                tiles,
                model.tilesPerSecond() / slowness(),
                0,
                0);
    }

    @Override
    protected void clear() {
        jobs.clear();
        running = null;
        features.clear();
        List.copyOf(pulls.keySet()).forEach(key -> settle(key, Optional.empty()));
    }

    @Override
    public int held() {
        return jobs.size() + (running == null ? 0 : 1);
    }
}
