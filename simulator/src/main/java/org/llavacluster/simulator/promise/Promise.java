package org.llavacluster.simulator.promise;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.llavacluster.simulator.history.History;

/** What the cluster promises, by the names in the documents. */
public enum Promise {
    TERMINAL_ONCE("Terminal-once", StreamPromises::terminalOnce),
    PREFIX("Prefix", StreamPromises::prefix),
    CONTIGUOUS("Contiguous", StreamPromises::contiguous),
    RELEASED("Released", LedgerPromises::released),
    CONSERVED("Conserved", LedgerPromises::conserved),
    ISOLATED("Isolated", StreamPromises::isolated),
    FAIR("Fair", FairPromise::fair),
    EXPLAINED("Explained", ExplainedPromise::explained),
    FRUGAL("Frugal", LedgerPromises::frugal),
    LIVE("Live", LedgerPromises::live),
    QUIET("Quiet", LedgerPromises::quiet);

    private final String title;
    private final Function<History, Stream<String>> check;

    Promise(String title, Function<History, Stream<String>> check) {
        this.title = title;
        this.check = check;
    }

    public String title() {
        return title;
    }

    /** Every promise that the run broke, with the first way in which it did. */
    public static List<Breach> breaches(History history) {
        List<Breach> breaches = new ArrayList<>();
        for (Promise promise : values()) {
            promise.check.apply(history).findFirst().ifPresent(what -> breaches.add(new Breach(promise, what)));
        }
        return breaches;
    }
}
