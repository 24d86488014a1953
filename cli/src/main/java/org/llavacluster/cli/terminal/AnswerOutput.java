package org.llavacluster.cli.terminal;

import java.io.PrintStream;

/** Prints the text of an answer as it arrives: unchanged to files, with visible control characters to terminals. */
public final class AnswerOutput {

    private final PrintStream out;
    private final boolean terminal;

    public AnswerOutput(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    public static AnswerOutput toStdout() {
        return new AnswerOutput(System.out, StandardStreams.isOutputTerminal());
    }

    public void print(String text) {
        out.print(terminal ? VisibleText.of(text) : text);
        out.flush();
    }

    public void endLine() {
        out.println();
        out.flush();
    }
}
