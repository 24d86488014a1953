package org.llavacluster.node.watch;

/** Ends when it is closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    @Override
    void close();
}
