package org.llavacluster.node.server;

/** Why a process cannot serve: one line for stderr, and the exit code. */
public final class StartupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public StartupException(String line, int exitCode) {
        super(line);
        this.exitCode = exitCode;
    }

    public StartupException(String line, int exitCode, Throwable cause) {
        super(line, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
