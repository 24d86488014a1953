package org.llavacluster.cli.chat;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A path as people type it and terminals paste it when a file is dropped into their window: with quotes, backslashes, {@code ~} or as
 * a {@code file://} URL.
 *
 * @param path as meant; relative ones stay relative
 * @param end index behind it in the text
 */
record TypedPath(Path path, int end) {

    private static final String FILE_URL = "file://";

    /**
     * Reads one from that index to the next white space outside of quotes; a quote that is not closed ends with the text.
     *
     * @param home for {@code ~}; empty leaves it as it is
     * @return empty where there is none, or nothing that can be a path
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
