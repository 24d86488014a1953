package org.llavacluster.simulator.promise;

/** A promise that a run broke. */
public record Breach(Promise promise, String what) {

    @Override
    public String toString() {
        return promise.title() + ": " + what;
    }
}
