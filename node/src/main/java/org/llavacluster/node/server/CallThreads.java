package org.llavacluster.node.server;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.llavacluster.node.failure.Refusal;
import org.llavacluster.node.transport.InboundCall;

/**
 * The threads of a server's calls. Each call begins on one of a few threads that only read its headers. A call that is
 * refused by its headers ends there, without waiting for calls that are being served. All others continue in virtual
 * threads, in which they may wait.
 */
final class CallThreads implements ServerCallExecutorSupplier, AutoCloseable {

    /** Looking at headers and refusing take microseconds. */
    private static final int ARRIVALS = 2;

    private final CallGate gate;
    private final ExecutorService arrivals = Executors.newFixedThreadPool(
            ARRIVALS, Thread.ofPlatform().daemon().name("grpc-arrival-", 0).factory());
    private final ExecutorService handlers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("grpc-", 0).factory());

    CallThreads(CallGate gate) {
        this.gate = gate;
    }

    /** Where every call begins. */
    Executor arrivals() {
        return arrivals;
    }

    /** Where the call goes on; null where it began. */
    @Override
    public <Q, A> Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
        if (!ArrivalInterceptor.isGated(call.getMethodDescriptor())) {
            return handlers;
        }
        Optional<Refusal> refusal = gate.closed(call.getMethodDescriptor().getFullMethodName());
        Optional<InboundCall> inbound = InboundCall.current();
        if (refusal.isEmpty() || inbound.isEmpty()) {
            return handlers;
        }
        inbound.get().refuse(refusal.get());
        return null;
    }

    @Override
    public void close() {
        handlers.shutdownNow();
        arrivals.shutdownNow();
    }
}
