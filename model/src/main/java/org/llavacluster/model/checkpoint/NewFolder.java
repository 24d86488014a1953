package org.llavacluster.model.checkpoint;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** A folder that appears whole or not at all: it is written as {@code NAME.partial} and renamed when complete. */
public final class NewFolder {

    private final Path target;

    /** Writes the files of a folder, none of them in a folder below. */
    @FunctionalInterface
    public interface Filling {
        void writeInto(Path folder) throws IOException;
    }

    /**
     * @param folder must be absent or empty
     */
    public NewFolder(Path folder) {
        this.target = folder.toAbsolutePath().normalize();
    }

    /**
     * @throws FileSystemException naming the folder and the problem: it is not empty, or another write has left its
     *     partial folder
     */
    public void requireFree() throws IOException {
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new FileSystemException(target.toString(), null, "is not a folder");
        }
        if (Files.exists(target)) {
            try (Stream<Path> content = Files.list(target)) {
                if (content.findAny().isPresent()) {
                    throw new FileSystemException(target.toString(), null, "is not empty");
                }
            }
        }
        if (Files.exists(partial())) {
            throw new FileSystemException(
                    partial().toString(),
                    null,
                    "was left by an interrupted write, unless another write is running: delete it");
        }
    }

    /**
     * Writes the folder. Nothing is left if that fails.
     *
     * @throws FileSystemException as {@link #requireFree}
     */
    public void write(Filling filling) throws IOException {
        requireFree();
        Path partial = partial();
        Files.createDirectories(partial);
        try {
            filling.writeInto(partial);
            Files.deleteIfExists(target);
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException e) {
            delete(partial);
            throw e;
        }
    }

    /** Deletes the folder and what an interrupted write has left beside it; nothing if neither is there. */
    public void discard() throws IOException {
        for (Path folder : List.of(target, partial())) {
            if (Files.isDirectory(folder)) {
                delete(folder);
            }
        }
    }

    /**
     * @throws FileSystemException naming the folder if the disk has less than that free
     */
    public static void requireSpace(Path folder, long bytes, long free) throws FileSystemException {
        if (free < bytes) {
            throw new FileSystemException(
                    folder.toString(),
                    null,
                    "takes %d MB, %d MB are free".formatted(bytes / 1_000_000, free / 1_000_000));
        }
    }

    private Path partial() {
        return target.resolveSibling(target.getFileName() + ".partial");
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
