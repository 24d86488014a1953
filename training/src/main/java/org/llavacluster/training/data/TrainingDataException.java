package org.llavacluster.training.data;

/** Training data that cannot be used as a whole. The message is one line: what is wrong and where. */
public final class TrainingDataException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TrainingDataException(String message) {
        super(message);
    }

    public TrainingDataException(String message, Throwable cause) {
        super(message, cause);
    }
}
