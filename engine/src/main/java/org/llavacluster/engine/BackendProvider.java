package org.llavacluster.engine;

/** Opens one kind of backend. Tools find providers on the class path with {@link java.util.ServiceLoader}. */
public interface BackendProvider {

    /** As {@link Backend#name()}. */
    String name();

    Backend open(int threads);
}
