package org.llavacluster.scheduling.worker;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * All workers, and which of them get new work. Lists are made anew only when the health of a worker changes, so a
 * report costs the same whatever the number of workers.
 *
 * <p>The last workers of a role are not put aside: where no worker of one kind is serving, those that are damped or
 * ejected are used. One that is suspect, draining or lost never gets new work.
 */
public final class WorkerTable {

    private record Kind(WorkerRole role, String identity) {}

    /**
     * What is remembered of a worker over all starts of its process: its health, and epochs that a later one replaced.
     */
    private record Past(WorkerHealth health, SequencedSet<Long> endedEpochs) {

        void end(long epoch) {
            endedEpochs.addLast(epoch);
            if (endedEpochs.size() > ENDED_EPOCHS) {
                endedEpochs.removeFirst();
            }
        }
    }

    private static final int ENDED_EPOCHS = 8;

    private final HealthRules rules;
    private final BiFunction<WorkerReport, WorkerHealth, WorkerNode> nodes;

    private final Map<String, WorkerNode> workers = new HashMap<>();
    private final SequencedSet<WorkerNode> byReport = new LinkedHashSet<>(); // the longest silent first
    private final Map<String, Past> pasts = new HashMap<>(); // of all workers, those that are gone included
    private final Map<Kind, List<WorkerNode>> usable = new HashMap<>();
    private final Map<WorkerRole, List<String>> identities = new HashMap<>();

    /** Kinds of workers that have gone, the longest gone first: another one is waited for. */
    private final SequencedMap<Kind, Long> goneNanos = new LinkedHashMap<>();

    private long recheckNanos = Long.MAX_VALUE;
    private long version;
    private long staleReports;

    public WorkerTable(HealthRules rules) {
        this(rules, WorkerNode::new);
    }

    /** @param nodes makes the ledger of a worker */
    public WorkerTable(HealthRules rules, BiFunction<WorkerReport, WorkerHealth, WorkerNode> nodes) {
        this.rules = rules;
        this.nodes = nodes;
    }

    /**
     * A worker reports.
     *
     * @return the worker as it was before, if this report comes of a new start of its process: what it had is lost
     */
    public Optional<WorkerNode> report(long nowNanos, WorkerReport report) {
        Past past = pasts.computeIfAbsent(report.id(), _ -> new Past(new WorkerHealth(rules), new LinkedHashSet<>()));
        if (past.endedEpochs().contains(report.epoch())) {
            staleReports++;
            return Optional.empty();
        }
        WorkerNode known = workers.get(report.id());
        boolean restarted = known != null && report.epoch() != known.epoch();
        if (restarted) {
            past.end(known.epoch());
            remove(nowNanos, known);
        }
        WorkerNode worker = restarted || known == null ? add(report, past.health()) : known;
        WorkerHealth.State before = worker.health().state(nowNanos);
        boolean moved = !worker.identity().equals(report.identity());
        worker.report(report);
        worker.health().heard(nowNanos, report.draining());
        byReport.remove(worker);
        byReport.addLast(worker);
        if (moved || known != worker || before != worker.health().state(nowNanos)) {
            changed();
        }
        return restarted ? Optional.of(known) : Optional.empty();
    }

    private WorkerNode add(WorkerReport report, WorkerHealth health) {
        WorkerNode worker = nodes.apply(report, health);
        workers.put(report.id(), worker);
        return worker;
    }

    /** A worker's connection or process ended. */
    public Optional<WorkerNode> lost(long nowNanos, String id, long epoch) {
        WorkerNode worker = workers.get(id);
        if (worker == null || worker.epoch() != epoch) {
            return Optional.empty();
        }
        remove(nowNanos, worker);
        return Optional.of(worker);
    }

    /** Nothing is heard of a worker. */
    public Optional<WorkerNode> silent(long nowNanos, String id, long epoch) {
        WorkerNode worker = workers.get(id);
        if (worker == null
                || worker.epoch() != epoch
                || worker.health().state(nowNanos) == WorkerHealth.State.SUSPECT) {
            return Optional.empty();
        }
        worker.health().silent(nowNanos);
        byReport.remove(worker);
        changed();
        return Optional.of(worker);
    }

    private void remove(long nowNanos, WorkerNode worker) {
        worker.health().lost(nowNanos);
        if (rules.graceNanos() > 0) {
            goneNanos.putLast(new Kind(worker.role(), worker.identity()), nowNanos);
        }
        workers.remove(worker.id());
        byReport.remove(worker);
        if (pasts.size() >= 2 * workers.size() + 64) {
            pasts.keySet().retainAll(workers.keySet()); // names that do not come back
        }
        changed();
    }

    /** Workers that became suspect by now: what they have has to move. */
    public List<WorkerNode> check(long nowNanos) {
        List<WorkerNode> suspects = new ArrayList<>();
        while (!byReport.isEmpty()) {
            WorkerNode silent = byReport.getFirst();
            silent.health().check(nowNanos);
            if (silent.health().state(nowNanos) != WorkerHealth.State.SUSPECT) {
                break;
            }
            byReport.removeFirst();
            suspects.add(silent);
        }
        boolean waited = goneNanos.values().removeIf(gone -> nowNanos - gone >= rules.graceNanos());
        if (!suspects.isEmpty() || waited || nowNanos >= recheckNanos) {
            changed();
        }
        return suspects;
    }

    /** A call to the worker failed, and not for a reason of the request's. */
    public void failed(long nowNanos, WorkerNode worker) {
        WorkerHealth.State before = worker.health().state(nowNanos);
        worker.health().failed(nowNanos);
        if (before != worker.health().state(nowNanos)) {
            changed();
        }
    }

    private void changed() {
        usable.clear();
        identities.clear();
        recheckNanos = Long.MAX_VALUE;
        version++;
    }

    /** Those of that kind that get new work, in no particular order. */
    public List<WorkerNode> usable(long nowNanos, WorkerRole role, String identity) {
        return usable.computeIfAbsent(new Kind(role, identity), kind -> find(nowNanos, kind));
    }

    private List<WorkerNode> find(long nowNanos, Kind kind) {
        List<WorkerNode> serving = new ArrayList<>();
        List<WorkerNode> penalized = new ArrayList<>();
        for (WorkerNode worker : workers.values()) {
            if (worker.role() == kind.role() && worker.identity().equals(kind.identity())) {
                switch (worker.health().state(nowNanos)) {
                    case SERVING -> serving.add(worker);
                    case DAMPED, EJECTED -> {
                        penalized.add(worker);
                        recheckNanos = Math.min(recheckNanos, worker.health().changeNanos(nowNanos));
                    }
                    case SUSPECT, DRAINING, LOST -> {}
                }
            }
        }
        return List.copyOf(serving.isEmpty() ? penalized : serving);
    }

    /**
     * The identity that most usable workers of the role have; of equally many always the same. Empty if there are none.
     */
    public Optional<String> mainIdentity(long nowNanos, WorkerRole role) {
        return identities.computeIfAbsent(role, _ -> rank(nowNanos, role)).stream()
                .findFirst();
    }

    private List<String> rank(long nowNanos, WorkerRole role) {
        Map<String, Integer> sizes = new TreeMap<>();
        workers.values().stream()
                .filter(worker -> worker.role() == role)
                .forEach(worker -> sizes.putIfAbsent(worker.identity(), 0));
        sizes.replaceAll((identity, _) -> usable(nowNanos, role, identity).size());
        return sizes.entrySet().stream()
                .filter(size -> size.getValue() > 0)
                .sorted((a, b) -> b.getValue() - a.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Whether a worker of that kind may get work again: one that is not draining, or the one that is waited for once
     * all have gone.
     */
    public boolean hopeful(long nowNanos, WorkerRole role, String identity) {
        return !usable(nowNanos, role, identity).isEmpty()
                || goneNanos.containsKey(new Kind(role, identity))
                || workers.values().stream()
                        .anyMatch(worker -> worker.role() == role
                                && worker.identity().equals(identity)
                                && mayReturn(worker.health().state(nowNanos)));
    }

    private boolean mayReturn(WorkerHealth.State state) {
        return state == WorkerHealth.State.SUSPECT || state == WorkerHealth.State.DRAINING && rules.graceNanos() > 0;
    }

    /** Whether the worker gets new work or, being suspect or draining, at least still has what it had. */
    public boolean holds(WorkerNode worker) {
        return workers.get(worker.id()) == worker;
    }

    public Optional<WorkerNode> find(String id) {
        return Optional.ofNullable(workers.get(Objects.requireNonNull(id, "id")));
    }

    public Collection<WorkerNode> all() {
        return workers.values();
    }

    /** Rises with each change of which workers are usable. */
    public long version() {
        return version;
    }

    /** Reports of earlier starts of a process that came late and were dropped. */
    public long staleReports() {
        return staleReports;
    }

    /** When {@link #check} has something to find at the earliest, if no report comes. */
    public long checkNanos(long nowNanos) {
        long silent = byReport.isEmpty()
                ? Long.MAX_VALUE
                : byReport.getFirst().health().changeNanos(nowNanos);
        long waited =
                goneNanos.isEmpty() ? Long.MAX_VALUE : goneNanos.firstEntry().getValue() + rules.graceNanos();
        return Math.min(Math.min(silent, waited), recheckNanos);
    }

    /** With no request left no worker may have a call. */
    public void checkIdle() {
        for (WorkerNode worker : workers.values()) {
            if (!worker.isIdle()) {
                throw new IllegalStateException("there is no request, but " + worker + " has " + worker.calls()
                        + " calls, " + worker.work() + " work, " + worker.kvTokens() + " KV tokens");
            }
        }
    }
}
