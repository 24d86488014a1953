package org.llavacluster.engine.simd.pack;

import java.io.IOException;
import java.nio.file.Path;

/** A packed file is not as it was written. */
public final class DamagedFileException extends IOException {

    private static final long serialVersionUID = 1;

    DamagedFileException(Path file) {
        super("packed weights in " + file + " are damaged");
    }
}
