package org.llavacluster.node.transport;

import io.grpc.Attributes;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * One connection of a peer. It counts its calls, whatever limit the peer agreed to.
 *
 * @see Attributes
 */
public final class PeerConnection {

    /** Attribute under which a call finds its connection. */
    public static final Attributes.Key<PeerConnection> KEY = Attributes.Key.create("peer-connection");

    private final InetAddress address;
    private final IntConsumer onCalls;
    private final AtomicInteger calls = new AtomicInteger();

    /**
     * @param onCalls receives 1 when a call begins and -1 when one ends
     */
    PeerConnection(InetAddress address, IntConsumer onCalls) {
        this.address = address;
        this.onCalls = onCalls;
    }

    /** Address of the peer. */
    public InetAddress address() {
        return address;
    }

    /** A call begins, which must {@link #end} once; false if that many run already. */
    public boolean begin(int most) {
        if (calls.incrementAndGet() > most) {
            calls.decrementAndGet();
            return false;
        }
        onCalls.accept(1);
        return true;
    }

    public void end() {
        calls.decrementAndGet();
        onCalls.accept(-1);
    }

    /** Number of running calls. */
    public int calls() {
        return calls.get();
    }
}
