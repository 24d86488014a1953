package org.llavacluster.scheduling.image;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.llavacluster.scheduling.worker.WorkerNode;

/**
 * Gathers images for each vision node. A batch leaves when it is full or the slack of its oldest image is used up, and
 * the node has not as many batches as it may have.
 */
public final class VisionBatcher {

    private static final class Queue {
        final WorkerNode node;
        final List<VisionBatch> batches = new ArrayList<>(); // all but the last are full
        int inFlight;
        long dueNanos = Long.MAX_VALUE; // where it stands in the timetable

        Queue(WorkerNode node) {
            this.node = node;
        }
    }

    private final BatchRules rules;
    private final Map<WorkerNode, Queue> queues = new HashMap<>();

    /** Queues from which a batch may leave, the next one first. */
    private final TreeSet<Queue> timetable = new TreeSet<>(
            Comparator.comparingLong((Queue queue) -> queue.dueNanos).thenComparing(queue -> queue.node.id()));

    private long nextBatch;
    private int waiting;

    public VisionBatcher(BatchRules rules) {
        this.rules = rules;
    }

    /** A batch that leaves now. */
    public record Departure(long batch, WorkerNode node, List<EncodeFlight> flights) {}

    /** Puts a flight that has its node into the node's next batch. */
    public void add(long nowNanos, EncodeFlight flight, long deadlineNanos) {
        Queue queue = queues.computeIfAbsent(flight.node(), Queue::new);
        unschedule(queue);
        VisionBatch last = queue.batches.isEmpty() ? null : queue.batches.getLast();
        if (last == null || last.tiles() + flight.image().tiles() > rules.tiles()) {
            last = new VisionBatch(flight.node());
            queue.batches.add(last);
        }
        long wait = queue.inFlight == 0 ? rules.idleWaitNanos() : rules.busyWaitNanos();
        long most = (long) (rules.deadlineShare() * Math.max(0, deadlineNanos - nowNanos));
        last.add(flight, nowNanos + Math.min(wait, most));
        waiting++;
        schedule(queue, nowNanos);
    }

    /** Takes a flight out of the batch that it waits in. */
    public void remove(EncodeFlight flight) {
        Queue queue = queues.get(flight.node());
        unschedule(queue);
        for (VisionBatch batch : queue.batches) {
            if (batch.remove(flight)) {
                waiting--;
            }
        }
        queue.batches.removeIf(batch -> batch.flights().isEmpty());
        schedule(queue, Long.MIN_VALUE);
    }

    /** What leaves by now. */
    public List<Departure> leave(long nowNanos) {
        List<Departure> leaving = new ArrayList<>();
        while (!timetable.isEmpty() && timetable.first().dueNanos <= nowNanos) {
            Queue queue = timetable.pollFirst();
            queue.dueNanos = Long.MAX_VALUE;
            VisionBatch batch = queue.batches.removeFirst();
            long id = nextBatch++;
            batch.flights().forEach(flight -> flight.leave(id));
            waiting -= batch.flights().size();
            queue.inFlight++;
            leaving.add(new Departure(id, queue.node, List.copyOf(batch.flights())));
            schedule(queue, nowNanos);
        }
        return leaving;
    }

    /** A batch of the node has ended. */
    public void landed(long nowNanos, WorkerNode node) {
        Queue queue = queues.get(node);
        if (queue == null) {
            return;
        }
        unschedule(queue);
        queue.inFlight--;
        if (queue.inFlight == 0 && queue.batches.isEmpty()) {
            queues.remove(node);
        } else {
            schedule(queue, nowNanos);
        }
    }

    /** The node is gone; the images that waited for it have been removed. */
    public void lost(WorkerNode node) {
        Queue queue = queues.remove(node);
        if (queue != null) {
            unschedule(queue);
            waiting -= queue.batches.stream()
                    .mapToInt(batch -> batch.flights().size())
                    .sum();
        }
    }

    private void unschedule(Queue queue) {
        timetable.remove(queue);
        queue.dueNanos = Long.MAX_VALUE;
    }

    private void schedule(Queue queue, long nowNanos) {
        if (queue.batches.isEmpty()) {
            if (queue.inFlight == 0) {
                queues.remove(queue.node);
            }
            return;
        }
        if (queue.inFlight < rules.inFlight()) {
            VisionBatch first = queue.batches.getFirst();
            boolean full = queue.batches.size() > 1 || first.tiles() >= rules.tiles();
            queue.dueNanos = full ? Math.min(nowNanos, first.leaveNanos()) : first.leaveNanos();
            timetable.add(queue);
        }
    }

    /** When {@link #leave} has something at the earliest; Long.MAX_VALUE for never. */
    public long dueNanos() {
        return timetable.isEmpty() ? Long.MAX_VALUE : timetable.first().dueNanos;
    }

    /** Images that wait for their batch to leave. */
    public int waiting() {
        return waiting;
    }
}
