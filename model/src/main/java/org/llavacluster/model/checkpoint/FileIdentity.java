package org.llavacluster.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Attributes that change when a file is written or replaced, as precisely as the file system records time.
 *
 * @param bytes size of the file
 * @param inode identifies the file within its file system
 * @param modified time of the last write, which programs can set
 * @param changed time of the last change of content, name or attributes, which programs cannot set
 */
record FileIdentity(long bytes, long inode, FileTime modified, FileTime changed) {

    FileIdentity {
        Objects.requireNonNull(modified, "modified");
        Objects.requireNonNull(changed, "changed");
    }

    /** Empty if files have no inodes or the file does not exist. */
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
