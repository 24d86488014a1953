package org.llavacluster.modelio.prompt;

/**
 * Messages that the model's chat template cannot render. The exception's message is for the caller and contains no
 * content.
 */
public final class PromptException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PromptException(String message) {
        super(message);
    }

    public PromptException(String message, Throwable cause) {
        super(message, cause);
    }
}
