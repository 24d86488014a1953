package org.llavacluster.cli.chat;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A path as typed, or as terminals paste it for a dropped file: with quotes, backslashes, {@code ~} or as a {@code
 * file://} URL.
 *
 * @param path the meant path; relative ones stay relative
 * @param end index after it in the text
 */
record TypedPath(Path path, int end) {

    private static final String FILE_URL = "file://";

    /**
     * Reads a path from that index to the next white space outside of quotes; an unclosed quote ends with the text.
     *
     * @param home replaces {@code ~}; empty leaves it as it is
     * @return empty if there is no path
     */
    static Optional<TypedPath> at(String text, int start, Optional<Path> home) {
        return text.startsWith(FILE_URL, start) ? url(text, start) : word(text, start, home);
    }

    private static Optional<TypedPath> url(String text, int start) {
        int end = start;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        try {
            URI uri = new URI(text.substring(start, end));
            boolean here = uri.getHost() == null || uri.getHost().equals("localhost");
            return here && uri.getPath() != null && !uri.getPath().isEmpty()
                    ? Optional.of(new TypedPath(Path.of(uri.getPath()), end))
                    : Optional.empty();
        } catch (java.net.URISyntaxException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<TypedPath> word(String text, int start, Optional<Path> home) {
        ShellWord word = ShellWord.at(text, start);
        if (word.value().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TypedPath(expanded(text, start, word.value(), home), word.end()));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Path expanded(String text, int start, String value, Optional<Path> home) {
        boolean tilde = text.charAt(start) == '~' && (value.equals("~") || value.startsWith("~/"));
        return tilde && home.isPresent()
                ? home.get().resolve(value.substring(Math.min(2, value.length())))
                : Path.of(value);
    }
}
