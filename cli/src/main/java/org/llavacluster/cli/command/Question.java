package org.llavacluster.cli.command;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llavacluster.cli.terminal.PipedText;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.cli.terminal.StandardStreams;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The question of a command: its argument, standard input, or both. */
final class Question {

    private static final String STANDARD_INPUT = "-";

    /** A pipe left open, as by build servers and schedulers, must not delay a question for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Parameters(
            paramLabel = "QUESTION",
            arity = "0..2",
            description = {
                "The question, or with --raw the whole prompt. Text on standard input, unless that is a terminal, is"
                        + " added after it; without a QUESTION it is the question.",
                "'-' stands for standard input and waits for it as long as it takes; without '-' a QUESTION is sent"
                        + " alone if nothing arrives within 5 s."
            })
    private List<String> words = List.of();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Empty if standard input is not part of the question. */
    private Optional<PipedText> piped = Optional.empty();

    /** Checks the arguments and starts to read standard input. If that is the whole question, reads it to its end. */
    void begin() {
        if (words.size() > 1 && typed().count() > 1) {
            throw new ParameterException(
                    command.commandLine(), "Only one QUESTION is allowed: put it in quotes if it has spaces");
        }
        boolean alone = typed().findAny().isEmpty();
        if (words.contains(STANDARD_INPUT) || !StandardStreams.isInputTerminal()) {
            piped = Optional.of(PipedText.read(System.in));
        } else if (alone) {
            throw missing("");
        }
        if (alone && piped.orElseThrow().await().isBlank()) {
            throw missing(", which has no text");
        }
    }

    /** The whole question, once standard input has been read. */
    String await(Progress progress) {
        String read = piped.map(text -> read(text, progress)).orElse("");
        return typed().findAny()
                .map(question -> read.isEmpty() ? question : question + "\n\n" + read)
                .orElse(read);
    }

    private Stream<String> typed() {
        return words.stream().filter(word -> !word.equals(STANDARD_INPUT));
    }

    private String read(PipedText text, Progress progress) {
        if (words.isEmpty() || words.contains(STANDARD_INPUT)) {
            return text.await();
        }
        return text.awaitBeginning(PATIENCE).orElseGet(() -> {
            progress.note("Nothing arrived on standard input within " + PATIENCE.toSeconds()
                    + " s: the question is sent without it. '-' waits for it, </dev/null leaves it out.");
            return "";
        });
    }

    private ParameterException missing(String why) {
        return new ParameterException(
                command.commandLine(), "There is no QUESTION: give it as an argument or on standard input" + why);
    }
}
