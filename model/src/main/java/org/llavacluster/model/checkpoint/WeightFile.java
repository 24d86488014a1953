package org.llavacluster.model.checkpoint;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A file that weights were mapped from.
 *
 * @param label names it in messages
 * @param identity what it was just before it was mapped; absent where that cannot be told
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

    /** Whether the file of that name is still the one that was mapped, as far as can be told. */
    boolean isUnchanged() {
        return identity.isPresent() && identity.equals(FileIdentity.of(path));
    }
}
