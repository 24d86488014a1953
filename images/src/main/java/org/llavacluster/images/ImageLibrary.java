package org.llavacluster.images;

import java.nio.file.Path;

/**
 * A library as a service's folder has it.
 *
 * @param name file name
 */
record ImageLibrary(String name, Path file) {

    private static final String PROJECT = "org.llavacluster.";
    private static final String NATIVES = "org.tensorflow.tensorflow-core-native-";

    /** Whether it is part of the project, and so changes with its code. */
    boolean isProject() {
        return name.startsWith(PROJECT);
    }

    /** Whether it holds the engine's native code, the largest part of an image. */
    boolean isNative() {
        return name.startsWith(NATIVES) && name.contains("-linux-");
    }
}
