package org.llavacluster.model.sampling;

/** Invalid sampling parameters. The message names field, limit and value. */
public final class InvalidSamplingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    private final String field;

    InvalidSamplingException(String field, String limit, Object value) {
        super(field + " must be " + limit + ", not " + value);
        this.field = field;
    }

    /** The field's name in the public API. */
    public String field() {
        return field;
    }
}
