package org.llavacluster.engine;

/** Opens one kind of backend: found by {@link java.util.ServiceLoader} where its module is on the class path, for tools that compare. */
public interface BackendProvider {

    /** As {@link Backend#name()}. */
    String name();

    Backend open(int threads);
}
