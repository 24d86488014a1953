package org.llavacluster.node.membership;

/** Ends when it is closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

    @Override
    void close();
}
