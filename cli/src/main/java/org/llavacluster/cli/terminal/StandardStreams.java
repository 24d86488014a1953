package org.llavacluster.cli.terminal;

import java.io.IOException;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/** What the standard streams of this process are connected to. */
public final class StandardStreams {

    private StandardStreams() {}

    public static boolean isInputTerminal() {
        return isTerminal(SystemStream.Input);
    }

    public static boolean isOutputTerminal() {
        return isTerminal(SystemStream.Output);
    }

    private static boolean isTerminal(SystemStream stream) {
        try {
            return TerminalProvider.load("ffm").isSystemStream(stream);
        } catch (IOException | LinkageError e) {
            // Without native access a terminal cannot be told from a file. Then there is no line editing, and control
            // characters are made visible.
            return false;
        }
    }
}
