package org.llavacluster.training.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The folder that the images of training records lie in. */
public final class ImageFolder {

    /** Larger files are not images that a person took or drew. */
    private static final long MAX_BYTES = 64L << 20;

    private final Path folder;
    private final long maxBytes;

    /** A folder whose images have at most 64 MiB. */
    public ImageFolder(Path folder) {
        this(folder, MAX_BYTES);
    }

    /**
     * @param maxBytes the largest file that is read
     */
    public ImageFolder(Path folder, long maxBytes) {
        this.folder = folder;
        this.maxBytes = maxBytes;
    }

    /**
     * The file of an image.
     *
     * @param image path below this folder
     * @throws UnusableRecordException if it is missing, outside the folder, empty or too large
     */
    public Path file(String image) {
        Path file = resolved(image);
        try {
            if (!Files.isRegularFile(file)) {
                throw new UnusableRecordException("its image is not in the folder of images");
            }
            if (!file.toRealPath().startsWith(folder.toRealPath())) {
                throw outside();
            }
            long bytes = Files.size(file);
            if (bytes == 0) {
                throw new UnusableRecordException("its image is an empty file");
            }
            if (bytes > maxBytes) {
                throw new UnusableRecordException(
                        "its image has " + bytes + " bytes, more than the limit of " + maxBytes);
            }
            return file;
        } catch (IOException e) {
            throw new UnusableRecordException(
                    "its image cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private Path resolved(String image) {
        try {
            Path path = Path.of(image);
            if (path.isAbsolute() || path.normalize().startsWith("..")) {
                throw outside();
            }
            return folder.resolve(path);
        } catch (InvalidPathException e) {
            throw new UnusableRecordException("image: is not a path");
        }
    }

    private static UnusableRecordException outside() {
        return new UnusableRecordException("its image is outside the folder of images");
    }
}
