package org.llavacluster.cli.archive;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.llavacluster.cli.CliException;

/**
 * Makes AppCDS archives from lists of classes. Several processes may make the same one at once: each replaces it by a
 * complete file.
 */
public final class ArchiveMaker {

    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Path folder;

    /**
     * @param folder folder of the archives
     */
    public ArchiveMaker(Path folder) {
        this.folder = folder;
    }

    /**
     * @param list the classes that the program loaded
     * @throws CliException if no archive was made; an earlier one stays
     */
    public void make(JavaProgram program, Path list) {
        try {
            Files.createDirectories(folder);
            Path next = Files.createTempFile(folder, program.name() + "-", ".next");
            try {
                run(program, new ClassArchive(next), list);
                publish(next, ClassArchive.in(folder, program.name()).file());
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (IOException e) {
            throw new CliException("cannot write an archive into " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void run(JavaProgram program, ClassArchive archive, Path list) throws IOException {
        Process process = new ProcessBuilder(program.command(archive.makeOptions(list)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new CliException(
                        "no archive of " + program.name() + " within " + LONGEST.toSeconds() + " seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while an archive was made", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0 || !Files.exists(archive.file())) {
            throw new CliException(
                    "no archive of " + program.name() + ": the JVM ended with status " + process.exitValue());
        }
    }

    /**
     * Writes the archive to disk before it gets its name, because a JVM checks an archive's length but not every byte.
     */
    private static void publish(Path next, Path archive) throws IOException {
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.READ)) {
            channel.force(true);
        }
        Files.move(next, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
