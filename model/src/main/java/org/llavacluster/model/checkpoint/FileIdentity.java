package org.llavacluster.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What changes when a file is written or replaced, in as small steps as the file system counts time in.
 *
 * @param bytes its size
 * @param inode which file it is, of those of its file system
 * @param modified which programs may set
 * @param changed when content, name or attributes were changed last: programs cannot set it
 */
record FileIdentity(long bytes, long inode, FileTime modified, FileTime changed) {

    FileIdentity {
        Objects.requireNonNull(modified, "modified");
        Objects.requireNonNull(changed, "changed");
    }

    /** Empty where files have no inodes, and for a file that is not there. */
    static Optional<FileIdentity> of(Path file) {
        try {
            Map<String, Object> attributes = Files.readAttributes(file, "unix:size,ino,lastModifiedTime,ctime");
            return Optional.of(new FileIdentity(
                    (Long) attributes.get("size"),
                    (Long) attributes.get("ino"),
                    (FileTime) attributes.get("lastModifiedTime"),
                    (FileTime) attributes.get("ctime")));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
