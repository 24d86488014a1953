package org.llavacluster.node.failure;

/** Carries a {@link Failure} to where the request ends. */
public final class FailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public FailureException(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    public FailureException(Failure failure, Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    /**
     * A field that breaks a rule.
     *
     * @param rule continues a sentence that begins with the field, such as "must be at least 1, not 0"
     */
    public static FailureException invalid(String field, String rule) {
        return new FailureException(new Failure.Invalid(field, field + " " + rule));
    }

    public Failure failure() {
        return failure;
    }
}
