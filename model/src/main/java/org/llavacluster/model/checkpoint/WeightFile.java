package org.llavacluster.model.checkpoint;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A file that weights were mapped from.
 *
 * @param label names the file in messages
 * @param identity identity just before the mapping; absent if it cannot be determined
 */
record WeightFile(String label, Path path, Optional<FileIdentity> identity) {

    WeightFile {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(identity, "identity");
    }

    static WeightFile of(Path path, String label) {
        return new WeightFile(label, path.toAbsolutePath().normalize(), FileIdentity.of(path));
    }

    /** Whether the path still refers to the mapped file, as far as can be determined. */
    boolean isUnchanged() {
        return identity.isPresent() && identity.equals(FileIdentity.of(path));
    }
}
