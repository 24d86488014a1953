package org.llavacluster.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The project's own files, in the folder with the {@code llava} launcher. */
public final class Installation {

    private Installation() {}

    public static Path home() {
        String home = System.getProperty("llava.home");
        if (home == null) {
            throw new CliException("the system property llava.home is not set: start this through ./llava");
        }
        return Path.of(home);
    }

    /** A tiny checkpoint with random weights. It shows that everything works, and its answers are noise. */
    public static Path defaultModel() {
        return home().resolve("fixtures/llava-1.5-tiny");
    }

    /** An image that comes with the project. */
    public static Path exampleImage() {
        return home().resolve("examples/scene.png");
    }

    /** The folder of AppCDS archives; empty if the launcher did not set it. */
    public static Optional<Path> archives() {
        return Optional.ofNullable(System.getProperty("llava.archives")).map(Path::of);
    }

    /** The packaged service of that module. */
    public static Path serviceJar(String module) {
        Path jar = home().resolve(module + "/target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new CliException(module + " is not built: run ./mvnw -DskipTests package");
        }
        return jar;
    }
}
