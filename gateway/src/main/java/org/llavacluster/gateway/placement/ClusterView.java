package org.llavacluster.gateway.placement;

import java.util.List;
import java.util.stream.Stream;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.node.membership.WorkerEpoch;

/** The workers that can get work now. Reading it never blocks. */
@FunctionalInterface
public interface ClusterView {

    /** The members of that role that answer and do not drain, ordered by id. */
    List<Worker> workers(MemberRole role);

    /** Whether this epoch of the worker is present, draining or not, as far as is known. */
    default boolean present(WorkerEpoch worker) {
        return Stream.of(MemberRole.values())
                .flatMap(role -> workers(role).stream())
                .anyMatch(there -> there.epoch().equals(worker));
    }

    /** Calls back after every change, on any thread; the listener must not block. */
    default Subscription onChange(Runnable listener) {
        return () -> {};
    }

    /**
     * Calls back after workers appeared, disappeared or fell silent, on any thread; the listener must not block or
     * throw.
     */
    default Subscription onPresence(Runnable listener) {
        return () -> {};
    }

    /** That worker failed at what it was given. */
    default void failed(WorkerEpoch worker) {}
}
