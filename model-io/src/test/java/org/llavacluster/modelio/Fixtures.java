package org.llavacluster.modelio;

import java.nio.file.Path;
import java.util.Optional;
import org.llavacluster.modelio.config.ModelFolder;

/** The project's tiny checkpoints. */
public final class Fixtures {

    private Fixtures() {}

    public static Path path(String name) {
        return Path.of(System.getProperty("llava.fixtures")).resolve(name);
    }

    public static ModelFolder model(String name) {
        return ModelFolder.open(path(name), Optional.empty());
    }
}
