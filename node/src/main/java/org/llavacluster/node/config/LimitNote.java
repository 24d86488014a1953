package org.llavacluster.node.config;

/**
 * What users must know about a limit.
 *
 * @param why the reason for the limit and for its value
 * @param seen what the caller sees beyond the limit
 */
public record LimitNote(String why, String seen) {

    public LimitNote {
        if (why.isBlank() || seen.isBlank()) {
            throw new IllegalArgumentException("a limit must say why it is there and what the caller sees");
        }
    }
}
