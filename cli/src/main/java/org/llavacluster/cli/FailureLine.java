package org.llavacluster.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.llavacluster.cli.client.FileReasons;
import org.llavacluster.modelio.config.ModelFormatException;
import picocli.CommandLine;

/** The reason for a command's failure, as one line on stderr. */
final class FailureLine {

    /** Environment variable that enables stack traces. */
    private static final String TRACE = "LLAVA_TRACE";

    private FailureLine() {}

    static void print(Exception e) {
        System.err.println("llava: " + of(e));
        if (System.getenv(TRACE) != null) {
            e.printStackTrace();
        }
    }

    static String of(Exception e) {
        return reason(e).replaceAll("\\s*\\R\\s*", " ");
    }

    private static String reason(Exception e) {
        return switch (e) {
            case CliException explained -> explained.getMessage();
            case ModelFormatException explained -> explained.getMessage();
            case CommandLine.ParameterException explained -> explained.getMessage();
            case UncheckedIOException io -> reason(io.getCause());
            case FileSystemException file -> file.getFile() + ": " + FileReasons.of(file);
            case IOException io -> FileReasons.of(io);
            default -> "an internal error: " + e.getMessage() + "; with " + TRACE + "=1 for the stack trace";
        };
    }
}
