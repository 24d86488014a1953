package org.llavacluster.cli.endpoint;

/** A message of a prompt. */
public record EndpointMessage(Author author, String text) {

    /** The roles, under the names of OpenAI's API. */
    public enum Author {
        SYSTEM,
        USER,
        ASSISTANT
    }

    public static EndpointMessage system(String text) {
        return new EndpointMessage(Author.SYSTEM, text);
    }

    public static EndpointMessage user(String text) {
        return new EndpointMessage(Author.USER, text);
    }

    public static EndpointMessage assistant(String text) {
        return new EndpointMessage(Author.ASSISTANT, text);
    }
}
