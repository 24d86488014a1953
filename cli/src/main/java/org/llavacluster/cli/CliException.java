package org.llavacluster.cli;

/** A command that cannot go on. The message is one line for the person at the terminal: what is wrong and what to do. */
public final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CliException(String message) {
        super(message);
    }

    public CliException(String message, Throwable cause) {
        super(message, cause);
    }
}
