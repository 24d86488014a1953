package org.llavacluster.gateway.pipeline;

/** A worker's answer violates the contract. */
final class WorkerFaultException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * @param message without content of a request
     */
    WorkerFaultException(String message) {
        super(message);
    }
}
