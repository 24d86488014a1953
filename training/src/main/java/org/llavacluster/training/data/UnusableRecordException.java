package org.llavacluster.training.data;

/** A record that cannot be learned from. The message is one sentence without the record's content. */
public final class UnusableRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnusableRecordException(String message) {
        super(message);
    }
}
