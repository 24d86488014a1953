package org.llavacluster.cli.chat;

import java.nio.file.Path;
import java.util.List;

/** An entry at the prompt of a chat. */
sealed interface ChatEntry {

    /** A message for the model, with files that were dropped into it. */
    record Say(String text, List<Path> images) implements ChatEntry {
        public Say {
            images = List.copyOf(images);
        }
    }

    /** Images for the next message. */
    record Attach(List<Path> images) implements ChatEntry {
        public Attach {
            images = List.copyOf(images);
        }
    }

    record Reset() implements ChatEntry {}

    record Help() implements ChatEntry {}

    record Quit() implements ChatEntry {}

    record Nothing() implements ChatEntry {}

    /** An entry that cannot be carried out, and why. */
    record Refused(String reason) implements ChatEntry {}
}
