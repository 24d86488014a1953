package org.llavacluster.node.config;

/**
 * A property with an unusable value. The message is one line that names the property and the value; the process ends
 * with 2.
 */
public final class PropertyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PropertyException(String message) {
        super(message);
    }

    public PropertyException(String message, Throwable cause) {
        super(message, cause);
    }
}
