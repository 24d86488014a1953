package org.llavacluster.cli;

/** A command that cannot continue. The message is one line for the user: what is wrong and what to do. */
public final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CliException(String message) {
        super(message);
    }

    public CliException(String message, Throwable cause) {
        super(message, cause);
    }
}
