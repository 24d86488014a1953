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

    /** A pipe that somebody left open, as build servers and schedulers do, must not keep a question waiting for ever. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Parameters(
            paramLabel = "QUESTION",
            arity = "0..2",
            description = {
                "The question, or with --raw the whole prompt. Text on standard input, where that is no terminal, is added"
                        + " behind it; without a QUESTION it is the question.",
                "'-' stands for standard input and waits for it as long as it takes; without '-' a QUESTION goes alone if"
                        + " nothing comes within 5 s."
            })
    private List<String> words = List.of();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Empty where standard input has no part in the question. */
    private Optional<PipedText> piped = Optional.empty();

    /** Checks the arguments and starts to read standard input; where that is all of the question, reads it to its end. */
    void begin() {
        if (words.size() > 1 && typed().count() > 1) {
            throw new ParameterException(
                    command.commandLine(), "Only one QUESTION is taken: put it in quotes if it has spaces");
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

    /** All of the question, once standard input is there. */
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
            progress.note("Nothing came on standard input within " + PATIENCE.toSeconds()
                    + " s: the question goes without it. '-' waits for it, </dev/null leaves it out.");
            return "";
        });
    }

    private ParameterException missing(String why) {
        return new ParameterException(
                command.commandLine(), "There is no QUESTION: give it as an argument or on standard input" + why);
    }
}
