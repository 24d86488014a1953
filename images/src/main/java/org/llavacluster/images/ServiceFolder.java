package org.llavacluster.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A service as its module packages it.
 *
 * @param service name of its image: vision, projector, decoder or gateway
 * @param module name of its module
 * @param folder its jar, with the libraries in {@code lib}
 */
record ServiceFolder(String service, String module, Path folder) {

    static final String JAR = "quarkus-run.jar";
    static final String LIBRARIES = "lib";

    /** The four services of a project that is built. */
    static List<ServiceFolder> in(Path project) {
        return Stream.of("vision-service", "projector-service", "decoder-service", "gateway")
                .map(module -> new ServiceFolder(
                        module.replace("-service", ""), module, project.resolve(module + "/target/quarkus-app")))
                .toList();
    }

    /** Whether it computes tensors and so needs the Vector API. */
    boolean computes() {
        return !service.equals("gateway");
    }

    /**
     * Its libraries, ordered by name.
     *
     * @throws NoSuchFileException if the module has not been packaged
     */
    List<ImageLibrary> libraries() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(LIBRARIES))) {
            return files.map(file -> new ImageLibrary(file.getFileName().toString(), file))
                    .sorted(Comparator.comparing(ImageLibrary::name))
                    .toList();
        }
    }
}
