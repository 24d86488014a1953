package org.llavacluster.kubernetes.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pods get another deletion cost. The cost is the number of a decoder's requests. A pod is written at most once
 * in an interval, and a few pods at a time, those that are furthest from what is written first: so the API server gets
 * few writes whatever the load.
 */
public final class DeletionCostPlan {

    /** Kubernetes' value for a pod without the annotation. */
    private static final int UNWRITTEN = 0;

    /** @param cost what the annotation shall be */
    public record Change(String pod, int cost) {}

    private record Written(int cost, long untilNanos) {}

    private final int mostAtOnce;
    private final long intervalNanos;
    private final Map<String, Written> written = new HashMap<>();

    /** @param mostAtOnce changes of one plan */
    public DeletionCostPlan(int mostAtOnce, long intervalNanos) {
        this.mostAtOnce = mostAtOnce;
        this.intervalNanos = intervalNanos;
    }

    /**
     * What is to be written now. It counts as written; {@link #failed} takes that back.
     *
     * @param work requests by pod, of all pods that are there
     */
    public List<Change> changes(long nowNanos, Map<String, Integer> work) {
        written.keySet().retainAll(work.keySet());
        List<Change> changes = new ArrayList<>();
        work.forEach((pod, requests) -> {
            Written last = written.get(pod);
            boolean due = last == null || nowNanos - last.untilNanos >= 0;
            if (due && requests != cost(last)) {
                changes.add(new Change(pod, requests));
            }
        });
        changes.sort(Comparator.comparingInt((Change change) -> -Math.abs(change.cost - cost(written.get(change.pod))))
                .thenComparing(Change::pod));
        List<Change> first = List.copyOf(changes.subList(0, Math.min(mostAtOnce, changes.size())));
        first.forEach(change -> written.put(change.pod, new Written(change.cost, nowNanos + intervalNanos)));
        return first;
    }

    /** A change could not be written: it is tried again after the interval. */
    public void failed(long nowNanos, String pod) {
        // No cost is like it, so the next plan after the interval has the pod again.
        written.computeIfPresent(pod, (_, _) -> new Written(Integer.MIN_VALUE / 2, nowNanos + intervalNanos));
    }

    private static int cost(Written last) {
        return last == null ? UNWRITTEN : last.cost;
    }
}
