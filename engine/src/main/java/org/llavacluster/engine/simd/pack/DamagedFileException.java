package org.llavacluster.engine.simd.pack;

import java.io.IOException;
import java.nio.file.Path;

/** The content of a packed file differs from what was written. */
public final class DamagedFileException extends IOException {

    private static final long serialVersionUID = 1;

    DamagedFileException(Path file) {
        super("packed weights in " + file + " are damaged");
    }
}
