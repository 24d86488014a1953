package org.llavacluster.cli.chat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.llavacluster.cli.CliException;

/** Messages typed at a terminal, with editing, completion and a history. Pasted text stays together until Enter. */
final class LineEditor implements ChatInput {

    private static final int HISTORY_LINES = 1000;
    private static final String NEW_LINE = "llava-new-line";

    private final Terminal terminal;
    private final LineReader reader;

    private LineEditor(Terminal terminal, LineReader reader) {
        this.terminal = terminal;
        this.reader = reader;
    }

    /**
     * Opens the terminal of this process.
     *
     * @param history file with the lines of earlier chats; empty keeps none
     * @param interrupt called for Ctrl-C while no line is read
     */
    static LineEditor open(Optional<Path> history, PathCompleter completer, Runnable interrupt) {
        try {
            Terminal terminal = TerminalBuilder.builder()
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.SysOutOrSysErr)
                    .graphemeCluster(false)
                    .dumb(true)
                    .build();
            terminal.handle(Terminal.Signal.INT, signal -> interrupt.run());
            return on(terminal, history, completer);
        } catch (IOException e) {
            throw new CliException("the terminal cannot be opened: " + e.getMessage(), e);
        }
    }

    static LineEditor on(Terminal terminal, Optional<Path> history, PathCompleter completer) {
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("llava")
                .parser(new ChatLineParser())
                .completer(completer)
                .option(Option.DISABLE_EVENT_EXPANSION, true)
                .option(Option.HISTORY_TIMESTAMPED, true)
                .option(Option.AUTO_FRESH_LINE, true)
                .option(Option.INSERT_TAB, false)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "  ")
                .variable(LineReader.HISTORY_SIZE, HISTORY_LINES)
                .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES);
        history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        LineReader reader = builder.build();
        reader.getWidgets().put(NEW_LINE, () -> {
            reader.getBuffer().write('\n');
            return true;
        });
        reader.getKeyMaps().get(LineReader.MAIN).bind(new Reference(NEW_LINE), KeyMap.alt('\r'), KeyMap.alt('\n'));
        return new LineEditor(terminal, reader);
    }

    /** Ctrl-C discards the typed text. On an empty line it is the end of input, like Ctrl-D. */
    @Override
    public Optional<String> next(String prompt) {
        while (true) {
            try {
                return Optional.of(reader.readLine(prompt));
            } catch (UserInterruptException e) {
                if (e.getPartialLine().isBlank()) {
                    return Optional.empty();
                }
            } catch (EndOfFileException e) {
                return Optional.empty();
            }
        }
    }

    @Override
    public boolean interactive() {
        return true;
    }

    @Override
    public void close() {
        try {
            reader.getHistory().save();
            terminal.close();
        } catch (IOException e) {
            throw new CliException("the history cannot be written: " + e.getMessage(), e);
        }
    }
}
