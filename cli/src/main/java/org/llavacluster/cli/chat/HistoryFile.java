package org.llavacluster.cli.chat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.cli.client.FileReasons;
import org.llavacluster.cli.terminal.Progress;

/** The file with the lines typed in chats. Only the user can read it, because they may be confidential. */
final class HistoryFile {

    private static final String OWNER_ONLY = "rw-------";
    private static final String OWNER_ONLY_FOLDER = "rwx------";

    private HistoryFile() {}

    /**
     * {@code $XDG_STATE_HOME/llava/chat-history}, or under {@code ~/.local/state}; empty without a home.
     *
     * @param environment environment of this process
     */
    static Optional<Path> location(Map<String, String> environment) {
        return absolute(environment.get("XDG_STATE_HOME"))
                .or(() -> absolute(environment.get("HOME"))
                        .map(home -> home.resolve(".local").resolve("state")))
                .map(state -> state.resolve("llava").resolve("chat-history"));
    }

    /** The folder that {@code ~} stands for. */
    static Optional<Path> home(Map<String, String> environment) {
        return absolute(environment.get("HOME"));
    }

    private static Optional<Path> absolute(String path) {
        return Optional.ofNullable(path)
                .filter(given -> !given.isEmpty())
                .map(Path::of)
                .filter(Path::isAbsolute);
    }

    /** Prepares the file for reading and writing. Empty, with a line that says why, if that fails. */
    static Optional<Path> prepare(Path file, Progress progress) {
        try {
            Files.createDirectories(
                    file.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY_FOLDER)));
            if (Files.notExists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(OWNER_ONLY));
            if (Files.isRegularFile(file) && Files.isWritable(file)) {
                return Optional.of(file);
            }
            progress.note("No history is kept: " + file + " cannot be written");
        } catch (IOException e) {
            progress.note("No history is kept: " + file + ": " + FileReasons.of(e));
        }
        return Optional.empty();
    }
}
