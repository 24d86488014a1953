package org.llavacluster.cli.chat;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Distinguishes commands, messages and dropped files. */
final class ChatEntryReader {

    /** Shown by /help and after an unknown command. */
    static final String COMMANDS = "/image FILE, /reset, /help and /quit";

    private static final Pattern COMMAND = Pattern.compile("/([A-Za-z]+)(?:\\s+(.*))?");

    /** The start of a dropped file: absolute, quoted or not, or a URL. */
    private static final Pattern DROPPED = Pattern.compile("(?<!\\S)(?:['\"]?/|['\"]?~/|file://)");

    private final Optional<Path> home;
    private final Predicate<Path> isImage;

    /**
     * @param home replaces {@code ~}
     * @param isImage whether a file is an image by its first bytes
     */
    ChatEntryReader(Optional<Path> home, Predicate<Path> isImage) {
        this.home = home;
        this.isImage = isImage;
    }

    ChatEntry read(String entered) {
        String line = entered.strip();
        if (line.isEmpty()) {
            return new ChatEntry.Nothing();
        }
        if (line.indexOf('\n') >= 0) {
            return new ChatEntry.Say(line, List.of());
        }
        Optional<Path> whole = wholePath(line);
        if (whole.isPresent()) {
            return new ChatEntry.Attach(List.of(whole.get()));
        }
        Matcher command = COMMAND.matcher(line);
        return command.matches()
                ? command(command.group(1), command.group(2) == null ? "" : command.group(2))
                : message(line);
    }

    private ChatEntry command(String name, String argument) {
        return switch (name) {
            case "image" -> image(argument);
            case "reset" -> new ChatEntry.Reset();
            case "help" -> new ChatEntry.Help();
            case "quit", "exit" -> new ChatEntry.Quit();
            default -> new ChatEntry.Refused("there is no command /" + name + "; there are " + COMMANDS);
        };
    }

    /** A single file whose name needs no quotes, or several as in a shell. */
    private ChatEntry image(String argument) {
        if (argument.isEmpty()) {
            return new ChatEntry.Refused("/image needs the name of a file: /image FILE");
        }
        Optional<Path> whole = existing(argument);
        if (whole.isPresent()) {
            return new ChatEntry.Attach(List.of(whole.get()));
        }
        List<Path> files = new ArrayList<>();
        int at = 0;
        while (at < argument.length()) {
            Optional<TypedPath> typed = TypedPath.at(argument, at, home);
            if (typed.isEmpty()) {
                return new ChatEntry.Refused("/image cannot use this as the name of a file: " + argument.substring(at));
            }
            files.add(typed.get().path());
            at = skipSpaces(argument, typed.get().end());
        }
        return new ChatEntry.Attach(files);
    }

    /** A line that is the path of a file and nothing else. */
    private Optional<Path> wholePath(String line) {
        if (!DROPPED.matcher(line).lookingAt()) {
            return Optional.empty();
        }
        return existing(line).or(() -> TypedPath.at(line, 0, home)
                .filter(typed -> typed.end() == line.length())
                .map(TypedPath::path)
                .filter(Files::isRegularFile));
    }

    private static Optional<Path> existing(String name) {
        try {
            return Optional.of(Path.of(name)).filter(Files::isRegularFile);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Takes the paths of images out of a message; other paths stay. */
    private ChatEntry message(String line) {
        List<Path> images = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        Matcher start = DROPPED.matcher(line);
        int copied = 0;
        while (copied < line.length() && start.find(copied)) {
            Optional<TypedPath> typed =
                    TypedPath.at(line, start.start(), home).filter(found -> isImage.test(found.path()));
            int end = typed.map(TypedPath::end).orElse(start.end());
            text.append(line, copied, typed.isPresent() ? start.start() : end);
            typed.ifPresent(found -> images.add(found.path()));
            copied = typed.isPresent() ? skipSpaces(line, end) : end;
        }
        String rest = text.append(line, copied, line.length()).toString().strip();
        return rest.isEmpty() ? new ChatEntry.Attach(images) : new ChatEntry.Say(rest, images);
    }

    private static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
