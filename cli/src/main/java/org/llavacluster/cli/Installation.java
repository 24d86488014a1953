package org.llavacluster.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the project's own files are: the folder that holds the {@code llava} launcher. */
public final class Installation {

    private Installation() {}

    public static Path home() {
        String home = System.getProperty("llava.home");
        if (home == null) {
            throw new CliException("the system property llava.home is not set: start this through ./llava");
        }
        return Path.of(home);
    }

    /** A tiny checkpoint with random weights: shows that everything works, not what LLaVA knows. */
    public static Path defaultModel() {
        return home().resolve("fixtures/llava-1.5-tiny");
    }

    /** A picture that comes with the project. */
    public static Path examplePicture() {
        return home().resolve("examples/scene.png");
    }

    /** Where archives of classes are looked for and put; empty where the launcher did not say so. */
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
