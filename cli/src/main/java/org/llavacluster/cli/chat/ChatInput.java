package org.llavacluster.cli.chat;

import java.util.Optional;

/** Where the messages of a chat come from. */
interface ChatInput extends AutoCloseable {

    /**
     * The next thing that was entered; empty at the end of input.
     *
     * @param prompt shown where a person types
     */
    Optional<String> next(String prompt);

    /** Whether a person types. */
    boolean interactive();

    @Override
    void close();
}
