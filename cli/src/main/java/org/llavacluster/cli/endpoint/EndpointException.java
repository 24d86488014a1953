package org.llavacluster.cli.endpoint;

/** A request that an endpoint did not answer, after all attempts. The message has the reason and no content. */
public final class EndpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EndpointException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
