package org.llavacluster.cli.chat;

import java.util.Optional;

/** The source of a chat's messages. */
interface ChatInput extends AutoCloseable {

    /**
     * The next entry; empty at the end of input.
     *
     * @param prompt shown at a terminal
     */
    Optional<String> next(String prompt);

    /** Whether the user types at a terminal. */
    boolean interactive();

    @Override
    void close();
}
