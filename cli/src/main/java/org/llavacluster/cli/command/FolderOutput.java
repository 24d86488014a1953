package org.llavacluster.cli.command;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.model.checkpoint.ShardedFolder;

/** A model folder that a command writes. */
final class FolderOutput {

    private FolderOutput() {}

    /** Writes the folder. */
    @FunctionalInterface
    interface Writing {
        void write(Path out, Consumer<ShardedFolder.Written> progress) throws IOException;
    }

    /**
     * Writes the folder with a line of progress for each file, and prints its path.
     *
     * @return the exit code of success
     * @throws CliException naming the folder and the problem
     */
    static int write(Path out, Progress progress, Writing writing) {
        try {
            writing.write(
                    out,
                    written -> progress.done("%s: %d of %d MB"
                            .formatted(written.file(), written.bytes() / 1_000_000, written.ofBytes() / 1_000_000)));
        } catch (FileSystemException e) {
            throw new CliException(e.getMessage(), e);
        } catch (IOException e) {
            throw new CliException(out + ": cannot be written: " + e.getMessage(), e);
        }
        System.out.println(out);
        return 0;
    }
}
