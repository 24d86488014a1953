package org.llavacluster.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.FaultRecord;
import org.llavacluster.simulator.history.FaultRecord.Kind;
import org.llavacluster.simulator.history.History;
import org.llavacluster.simulator.worker.EncodeRow;
import org.llavacluster.simulator.worker.SimulatedDecoder;
import org.llavacluster.simulator.worker.SimulatedProjector;
import org.llavacluster.simulator.worker.SimulatedVision;
import org.llavacluster.simulator.worker.SimulatedWorker;
import org.llavacluster.simulator.worker.TensorSources;
import org.llavacluster.simulator.worker.WorkerSpeed;

/** A whole cluster in virtual time: one gateway, its workers, and what is done to them. */
public final class SimulatedCluster implements TensorSources {

    public static final String REVISION = "revision 1";

    private static final long GRACE_NANOS = 200_000_000;

    private final VirtualTime time = new VirtualTime();
    private final History history;
    private final SimulatedGateway gateway;
    private final Map<String, SimulatedWorker> workers = new HashMap<>();
    private final List<SimulatedWorker> all = new ArrayList<>();
    private long epochs;

    /** @param rows what becomes of the rows of a batch on their way */
    public SimulatedCluster(History history, DecisionMaker scheduler, UnaryOperator<List<EncodeRow>> rows) {
        this.history = history;
        this.gateway = new SimulatedGateway(time, scheduler, rows, this, history);
    }

    public SimulatedCluster(History history, DecisionMaker scheduler) {
        this(history, scheduler, rows -> rows);
    }

    /** Adds so many workers of a role. */
    public void add(WorkerRole role, int count, WorkerSpeed model) {
        for (int i = 0; i < count; i++) {
            String id = role.name().toLowerCase(Locale.ROOT) + "-" + i;
            SimulatedWorker worker =
                    switch (role) {
                        case VISION -> new SimulatedVision(id, time, model, gateway);
                        case PROJECTOR -> new SimulatedProjector(id, time, model, gateway);
                        case DECODER -> decoder(id, model);
                    };
            workers.put(id, worker);
            all.add(worker);
            worker.start(++epochs, REVISION);
        }
    }

    private SimulatedDecoder decoder(String id, WorkerSpeed model) {
        SimulatedDecoder decoder = new SimulatedDecoder(id, time, model, gateway, this, history);
        decoder.onDeath(() -> {
            kill(decoder);
            time.after(GRACE_NANOS, () -> start(decoder, decoder.identity()));
        });
        return decoder;
    }

    public void submitAt(long nanos, ClientRequest request) {
        time.at(nanos, () -> gateway.submit(request));
    }

    public List<SimulatedWorker> workers() {
        return all;
    }

    public VirtualTime time() {
        return time;
    }

    /** Something is done to a worker at that time. */
    public void faultAt(long nanos, Kind kind, SimulatedWorker worker, Runnable action) {
        time.at(nanos, () -> {
            history.faults.add(new FaultRecord(nanos, kind, worker.role(), worker.id()));
            action.run();
        });
    }

    /** Its process ends at once. */
    void kill(SimulatedWorker worker) {
        history.faults.add(new FaultRecord(time.now(), Kind.KILL, worker.role(), worker.id()));
        end(worker);
    }

    private void end(SimulatedWorker worker) {
        if (worker instanceof SimulatedDecoder) {
            for (ClientRequest request : history.requests.values()) {
                if (!request.ended() && !request.attempts.isEmpty()) {
                    ClientRequest.Attempt last = request.attempts.getLast();
                    last.decoderDied |= last.decoder.equals(worker.id()) && last.epoch == worker.epoch();
                }
            }
        }
        worker.kill();
    }

    void start(SimulatedWorker worker, String identity) {
        if (!worker.up()) {
            worker.start(++epochs, identity);
        }
    }

    /** It drains, ends after its grace period and is started again. */
    void restart(SimulatedWorker worker, String identity) {
        worker.drain();
        time.after(GRACE_NANOS, () -> {
            end(worker);
            time.after(GRACE_NANOS, () -> start(worker, identity));
        });
    }

    /** Lets the cluster run until then, and takes stock. */
    public History run(long untilNanos) {
        time.runUntil(untilNanos);
        history.load = gateway.load();
        history.leftAtWorkers = all.stream()
                .filter(SimulatedWorker::up)
                .mapToInt(SimulatedWorker::held)
                .sum();
        return history;
    }

    @Override
    public SimulatedVision vision(String id) {
        return (SimulatedVision) workers.get(id);
    }

    @Override
    public SimulatedProjector projector(String id) {
        return (SimulatedProjector) workers.get(id);
    }

    SimulatedDecoder decoder(String id) {
        return (SimulatedDecoder) workers.get(id);
    }
}
