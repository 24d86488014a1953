package org.llavacluster.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.client.FileReasons;

/** A file with the report of a command: JSON, Markdown or SVG. */
public final class ReportFile {

    private ReportFile() {}

    /**
     * Replaces the file's content.
     *
     * @throws CliException if it cannot be written, with the file and the reason
     */
    public static void write(Path file, String content) {
        try {
            Files.writeString(file, content);
        } catch (IOException e) {
            throw new CliException("cannot write " + file + ": " + FileReasons.of(e), e);
        }
    }
}
