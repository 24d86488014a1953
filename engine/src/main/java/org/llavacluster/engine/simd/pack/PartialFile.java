package org.llavacluster.engine.simd.pack;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;

/**
 * A file under a temporary name until it is complete. Its writer holds a lock on it, so an unlocked partial file was
 * left by a killed process and is deleted by the next writer in the folder. On file systems without locks such files
 * stay.
 */
final class PartialFile implements Closeable {

    private static final Logger LOG = System.getLogger(PartialFile.class.getName());

    private static final String PREFIX = "packing";
    private static final String SUFFIX = ".tmp";

    /**
     * What this process writes, guarded by this class's monitor. These must not even be opened to try their locks: on
     * POSIX systems closing any of a process's descriptors of a file gives up all of its locks.
     */
    private static final Set<Path> OWN = new HashSet<>();

    private final Path path;
    private final FileChannel channel;

    private PartialFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes an empty one, after what killed processes left in the folder was deleted.
     *
     * @param folder made if it does not exist
     */
    static PartialFile in(Path folder) throws IOException {
        Path real = Files.createDirectories(folder).toRealPath();
        synchronized (PartialFile.class) {
            deleteLeftovers(real);
            PartialFile file = create(real);
            OWN.add(file.path);
            return file;
        }
    }

    private static PartialFile create(Path folder) throws IOException {
        while (true) {
            Path path = Files.createTempFile(folder, PREFIX, SUFFIX);
            FileChannel channel;
            try {
                channel = FileChannel.open(path, StandardOpenOption.WRITE);
            } catch (IOException e) {
                if (!Files.deleteIfExists(path)) {
                    continue;
                }
                throw e;
            }
            // Before it was locked another process may have taken it for left and deleted it.
            if (isOurs(channel) && Files.exists(path)) {
                return new PartialFile(path, channel);
            }
            channel.close();
            Files.deleteIfExists(path);
        }
    }

    /** False while another process checks whether the file was abandoned. Without file locks no process can check. */
    private static boolean isOurs(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no lock on a file that is written: {0}", e.toString());
            return true;
        }
    }

    private static void deleteLeftovers(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path file : files) {
                if (!OWN.contains(file)) {
                    deleteIfLeft(file);
                }
            }
        }
    }

    private static void deleteIfLeft(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            // Its writer may have renamed and unlocked it since.
            if (lock != null && Files.deleteIfExists(file)) {
                LOG.log(Level.INFO, "deleted {0}, which was left unfinished", file);
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.log(Level.DEBUG, "{0} stays: {1}", file, e.toString());
        }
    }

    FileChannel channel() {
        return channel;
    }

    /** Gives the file its final name, in one step for concurrent readers. */
    void moveTo(Path whole) throws IOException {
        Files.move(path, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Deletes it unless it was given a name. */
    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(path);
        } finally {
            synchronized (PartialFile.class) {
                OWN.remove(path);
            }
        }
    }
}
