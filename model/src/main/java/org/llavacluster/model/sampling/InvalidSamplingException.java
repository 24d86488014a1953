package org.llavacluster.model.sampling;

/** Sampling parameters that cannot be used. The message names field, limit and value given. */
public final class InvalidSamplingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;

    InvalidSamplingException(String field, String limit, Object value) {
        super(field + " must be " + limit + ", not " + value);
        this.field = field;
    }

    /** The field, as the public API names it. */
    public String field() {
        return field;
    }
}
