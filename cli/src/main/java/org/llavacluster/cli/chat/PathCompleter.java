package org.llavacluster.cli.chat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes the commands of a chat, and file names after {@code /image}. */
final class PathCompleter implements Completer {

    private static final List<String> COMMANDS = List.of("/help", "/image", "/quit", "/reset");

    private final Optional<Path> home;

    /**
     * @param home replaces {@code ~}
     */
    PathCompleter(Optional<Path> home) {
        this.home = home;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String word = line.word().substring(0, line.wordCursor());
        if (line.wordIndex() == 0) {
            COMMANDS.stream()
                    .filter(name -> name.startsWith(word))
                    .map(Candidate::new)
                    .forEach(candidates::add);
        } else if (line.words().getFirst().equals("/image")) {
            files(word).forEach(candidates::add);
        }
    }

    private List<Candidate> files(String word) {
        ShellWord typed = ShellWord.at(word, 0);
        int slash = typed.value().lastIndexOf('/') + 1;
        String folder = typed.value().substring(0, slash);
        String prefix = typed.value().substring(slash);
        // The folder stays as typed, so that a completion continues it.
        String rawFolder = word.substring(0, word.lastIndexOf('/') + 1);
        String quote = typed.openQuote() == 0 ? "" : String.valueOf(typed.openQuote());
        String before = rawFolder.isEmpty() ? quote : rawFolder;
        try (Stream<Path> files = Files.list(folder(folder))) {
            return files.map(file -> candidate(file, before, quote))
                    .filter(found -> found.displ().startsWith(prefix))
                    .filter(found -> !prefix.isEmpty() || !found.displ().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException | InvalidPathException e) {
            return List.of();
        }
    }

    private Path folder(String typed) {
        if (typed.isEmpty()) {
            return Path.of("");
        }
        return typed.startsWith("~/") && home.isPresent() ? home.get().resolve(typed.substring(2)) : Path.of(typed);
    }

    private static Candidate candidate(Path file, String before, String quote) {
        String name = file.getFileName().toString();
        boolean isFolder = Files.isDirectory(file);
        String written = quote.isEmpty() ? escaped(name) : name;
        String value = before + written + (isFolder ? "/" : quote);
        return new Candidate(value, name, null, null, null, null, !isFolder);
    }

    private static String escaped(String name) {
        return name.replaceAll("([\\s'\"\\\\])", "\\\\$1");
    }
}
