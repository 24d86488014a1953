package org.llavacluster.simulator.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.worker.WorkerReport;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.simulator.VirtualTime;

/**
 * A process that can be killed, stopped, cut off and slowed down. Messages on a link keep their order, and wait where
 * it is cut.
 */
public abstract class SimulatedWorker {

    private static final long NOTICED_NANOS = 10_000_000;

    private final String id;
    private final WorkerRole role;
    protected final VirtualTime time;
    protected final WorkerSpeed model;
    protected final GatewayLink gateway;

    private final Deque<Runnable> heldArrivals = new ArrayDeque<>();
    private final Deque<Runnable> heldDepartures = new ArrayDeque<>();
    private final Deque<Runnable> heldWork = new ArrayDeque<>();
    private long epoch;
    private String identity;
    private boolean up;
    private boolean paused;
    private boolean cutIn;
    private boolean cutOut;
    private boolean failing;
    private boolean draining;
    private double slowness = 1;

    SimulatedWorker(String id, WorkerRole role, VirtualTime time, WorkerSpeed model, GatewayLink gateway) {
        this.id = id;
        this.role = role;
        this.time = time;
        this.model = model;
        this.gateway = gateway;
    }

    /** Its process starts. */
    public void start(long newEpoch, String newIdentity) {
        epoch = newEpoch;
        identity = newIdentity;
        up = true;
        draining = false;
        report(newEpoch);
    }

    private void report(long of) {
        if (up && epoch == of) {
            reportNow();
            // Not all at once: workers do not start together.
            time.after(model.reportNanos() - Math.floorMod(id.hashCode(), 1_000) * 100L, () -> report(of));
        }
    }

    private void reportNow() {
        if (!paused) {
            WorkerReport report = state();
            send(() -> gateway.tell(new ClusterEvent.WorkerReported(report)));
        }
    }

    /** Its report. */
    protected abstract WorkerReport state();

    /** All that it has is gone. */
    protected abstract void clear();

    /** What it has of the gateway. */
    public abstract int held();

    /** Its process ends without a word; the gateway notices by its connection, unless that carries nothing. */
    public void kill() {
        if (!up) {
            return;
        }
        long killed = epoch;
        up = false;
        boolean noticed = !cutOut && !paused;
        paused = false;
        heldArrivals.clear();
        heldDepartures.clear();
        heldWork.clear();
        clear();
        if (noticed) {
            time.after(NOTICED_NANOS, () -> gateway.tell(new ClusterEvent.WorkerLost(id, killed)));
        }
    }

    public void pause(boolean nowPaused) {
        paused = nowPaused;
        if (!paused) {
            run(heldWork);
        }
        flush();
    }

    /** Its links to and from the gateway carry nothing. */
    public void cut(boolean in, boolean out) {
        cutIn = in;
        cutOut = out;
        flush();
    }

    private void flush() {
        if (!paused && !cutIn) {
            run(heldArrivals);
        }
        if (!cutOut) {
            while (!heldDepartures.isEmpty()) {
                time.after(model.linkNanos(), heldDepartures.poll());
            }
        }
    }

    private void run(Deque<Runnable> held) {
        while (!held.isEmpty() && !paused) {
            held.poll().run();
        }
    }

    public void slow(double times) {
        slowness = times;
    }

    public void fail(boolean nowFailing) {
        failing = nowFailing;
    }

    /** It reports that it stops. */
    public void drain() {
        draining = true;
        reportNow();
    }

    /** A message of the gateway to the process of that epoch. */
    public void receive(long toEpoch, Runnable message) {
        time.after(model.linkNanos(), () -> {
            if (up && epoch == toEpoch) {
                if (paused || cutIn) {
                    heldArrivals.add(message);
                } else {
                    message.run();
                }
            }
        });
    }

    /** A message to the gateway. */
    protected void send(Runnable message) {
        if (cutOut) {
            heldDepartures.add(message);
        } else {
            time.after(model.linkNanos(), message);
        }
    }

    /** Does something that takes time, if the process lives so long. */
    protected void compute(double nanos, Runnable done) {
        long of = epoch;
        time.after((long) (nanos * slowness), () -> {
            if (up && epoch == of) {
                if (paused) {
                    heldWork.add(done);
                } else {
                    done.run();
                }
            }
        });
    }

    /** Whether other workers reach it. */
    boolean reachable() {
        return up && !paused;
    }

    protected double slowness() {
        return slowness;
    }

    protected boolean failing() {
        return failing;
    }

    protected boolean draining() {
        return draining;
    }

    public boolean up() {
        return up;
    }

    public String id() {
        return id;
    }

    public WorkerRole role() {
        return role;
    }

    public long epoch() {
        return epoch;
    }

    public String identity() {
        return identity;
    }
}
