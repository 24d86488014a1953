package org.llavacluster.cli.chat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.terminal.AnswerOutput;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.cli.terminal.VisibleText;

/** Carries out one entry after the other until the input ends. */
final class ChatLoop {

    private static final String HELP = """
        /image FILE   add an image to the next message; quotes, \\ and ~ as in a shell, Tab completes
        /reset        forget the conversation and the images
        /help         this text
        /quit         end, like Ctrl-D, or Ctrl-C on an empty line
        A file dropped into the window is an image for the message. Ctrl-C ends an answer.
        Alt-Enter starts a new line, Enter sends; pasted text is one message. Up and Down
        recall earlier lines; a line that starts with a space is not kept in the history.\
        """;

    private final ChatInput input;
    private final ChatSession session;
    private final ChatEntryReader entries;
    private final AnswerOutput output;
    private final Progress notes;
    private boolean failed;

    ChatLoop(ChatInput input, ChatSession session, ChatEntryReader entries, AnswerOutput output, Progress notes) {
        this.input = input;
        this.session = session;
        this.entries = entries;
        this.output = output;
        this.notes = notes;
    }

    /**
     * @return whether all entries succeeded
     */
    boolean run() {
        Optional<String> entered = input.next(prompt());
        while (entered.isPresent()) {
            ChatEntry entry = entries.read(entered.get());
            if (entry instanceof ChatEntry.Quit) {
                break;
            }
            try {
                handle(entry);
            } catch (CliException e) {
                failed = true;
                notes.note(VisibleText.of(e.getMessage()));
            }
            entered = input.next(prompt());
        }
        return !failed;
    }

    private String prompt() {
        int images = session.pendingImages();
        return switch (images) {
            case 0 -> "> ";
            case 1 -> "[1 image] > ";
            default -> "[" + images + " images] > ";
        };
    }

    private void handle(ChatEntry entry) {
        switch (entry) {
            case ChatEntry.Say(String text, List<Path> images) -> {
                int before = session.pendingImages();
                try {
                    attach(images);
                    say(text);
                } finally {
                    // A message without an answer can be entered again, with the files that were dropped into it.
                    session.keepPending(before);
                }
            }
            case ChatEntry.Attach(List<Path> images) -> attach(images);
            case ChatEntry.Reset reset -> {
                session.reset();
                notes.note("The conversation starts again.");
            }
            case ChatEntry.Help help -> notes.note(HELP);
            case ChatEntry.Refused(String reason) -> throw new CliException(reason);
            case ChatEntry.Nothing nothing -> {}
            case ChatEntry.Quit quit -> {}
        }
    }

    void attach(List<Path> images) {
        images.forEach(file -> notes.note(session.attach(file)));
    }

    private void say(String text) {
        boolean whole;
        try {
            whole = session.say(text, output::print);
        } finally {
            output.endLine();
        }
        if (!whole) {
            notes.note("(stopped; the conversation continues)");
        }
    }
}
