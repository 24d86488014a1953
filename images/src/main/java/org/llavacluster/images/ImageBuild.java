package org.llavacluster.images;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Writes an OCI archive for each service: {@code vision.tar}, {@code projector.tar}, {@code decoder.tar} and {@code
 * gateway.tar}.
 *
 * <p>Arguments: the project's folder, the folder for the archives, the repository and the tag of the images, and the
 * archive of another base image. Without the last the base is made by {@code mmdebstrap} and {@code jlink}.
 */
public final class ImageBuild {

    /** Not root, and a number, so that Kubernetes can check it. The files are readable by any other user too. */
    static final String USER = "10001:10001";

    private static final int GRPC_PORT = 9000;
    private static final int HTTP_PORT = 8080;

    private static final String MODULES =
            "java.se,jdk.unsupported,jdk.incubator.vector,jdk.crypto.ec,jdk.zipfs,jdk.net,"
                    + "jdk.management,jdk.jfr,jdk.localedata,jdk.naming.dns";

    private final Path project;
    private final Path target;
    private final List<ServiceFolder> services;

    private ImageBuild(Path project, Path target) throws IOException {
        this.project = project;
        this.target = Files.createDirectories(target);
        this.services = ServiceFolder.in(project);
    }

    public static void main(String[] arguments) throws Exception {
        ImageBuild build = new ImageBuild(Path.of(arguments[0]), Path.of(arguments[1]));
        boolean ownBase = arguments.length > 4 && !arguments[4].isBlank();
        build.run(arguments[2], arguments[3], ownBase ? Path.of(arguments[4]) : null);
    }

    private void run(String repository, String tag, Path otherBase)
            throws IOException, InterruptedException, ExecutionException, RegistryException,
                    InvalidImageReferenceException, CacheDirectoryCreationException {
        Path runtime = runtime();
        Path base = otherBase == null ? base(runtime) : otherBase;
        recordClasses();
        Map<ServiceFolder, List<ImageLibrary>> libraries = new LinkedHashMap<>();
        for (ServiceFolder service : services) {
            libraries.put(service, service.libraries());
        }
        LibraryLayers layers = new LibraryLayers(libraries.values());
        for (ServiceFolder service : services) {
            Path staged = stage(service, libraries.get(service));
            if (otherBase == null) {
                archiveClasses(runtime, service, staged);
            }
            ContentTimes.set(staged);
            write(service, base, staged, layers.of(libraries.get(service)), repository + "/" + service.service(), tag);
            say("%s (%d MB)", archive(service), Files.size(archive(service)) / 1_000_000);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(format + "%n", values);
    }

    private Path archive(ServiceFolder service) {
        return target.resolve(service.service() + ".tar");
    }

    /** A Java runtime with the modules that the services use. Its files have the time that they have in the image. */
    private Path runtime() throws IOException {
        Path runtime = target.resolve("runtime");
        if (!Files.exists(runtime.resolve("release"))) {
            say("making the Java runtime");
            ImageProcess.run(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
                    "--add-modules=" + MODULES,
                    "--strip-debug",
                    "--no-header-files",
                    "--no-man-pages",
                    "--output=" + runtime));
            setTimes(runtime);
            ImageProcess.run(List.of(runtime.resolve("bin/java").toString(), "-Xshare:dump", "-XX:+UseSerialGC"));
            setTimes(runtime);
        }
        return runtime;
    }

    private Path base(Path runtime) throws IOException {
        Path base = target.resolve("base.tar");
        if (!Files.exists(base)) {
            say("making the base image");
            Path system = target.resolve("system.tar");
            ImageProcess.run(List.of(
                    "mmdebstrap",
                    "--quiet",
                    "--variant=extract",
                    "--include=" + String.join(",", BaseImage.packages()),
                    "bookworm",
                    system.toString()));
            BaseImage.write(base, system, runtime);
        }
        return base;
    }

    private Path classLists() {
        return target.resolve("class-lists");
    }

    /** Asks one question of a cluster on this machine, whose processes write down the classes that they load. */
    private void recordClasses() throws IOException {
        Path lists = Files.createDirectories(classLists());
        say("recording the classes that an answer loads");
        ImageProcess.run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dllava.home=" + project,
                "-Dllava.class-lists=" + lists,
                "-jar",
                project.resolve("cli/target/cli.jar").toString(),
                "ask",
                "--max-tokens=16",
                "--image=" + project.resolve("examples/scene.png"),
                "What is shown in this image?"));
    }

    /** The service's folder as it is in the image, with the times that its files have there. */
    private Path stage(ServiceFolder service, List<ImageLibrary> libraries) throws IOException {
        Path staged = target.resolve("staged").resolve(service.service());
        Path lib = Files.createDirectories(staged.resolve(ServiceFolder.LIBRARIES));
        for (ImageLibrary library : libraries) {
            Files.copy(library.file(), lib.resolve(library.name()), StandardCopyOption.REPLACE_EXISTING);
        }
        Files.copy(
                service.folder().resolve(ServiceFolder.JAR),
                staged.resolve(ServiceFolder.JAR),
                StandardCopyOption.REPLACE_EXISTING);
        setTimes(staged);
        return staged;
    }

    private void archiveClasses(Path runtime, ServiceFolder service, Path staged) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(runtime.resolve("bin/java").toString());
        command.addAll(ImageCommand.archivedOptions(service));
        Path list = classLists().resolve(service.module() + ".classlist");
        command.addAll(List.of(
                "-Xshare:dump",
                "-Xlog:disable",
                "-XX:SharedClassListFile=" + list,
                "-XX:SharedArchiveFile=" + staged.resolve(ImageCommand.ARCHIVE),
                "-jar",
                staged.resolve(ServiceFolder.JAR).toString()));
        ImageProcess.run(command);
    }

    private static void setTimes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> !Files.isSymbolicLink(path)).toList()) {
                Files.setLastModifiedTime(file, BaseImage.TIME);
            }
        }
    }

    private void write(
            ServiceFolder service,
            Path base,
            Path staged,
            Map<LibraryLayers.Kind, List<ImageLibrary>> layers,
            String name,
            String tag)
            throws IOException, InterruptedException, ExecutionException, RegistryException,
                    InvalidImageReferenceException, CacheDirectoryCreationException {
        JibContainerBuilder image = Jib.from(TarImage.at(base));
        for (Map.Entry<LibraryLayers.Kind, List<ImageLibrary>> layer : layers.entrySet()) {
            FileEntriesLayer.Builder entries =
                    FileEntriesLayer.builder().setName(layer.getKey().name());
            for (ImageLibrary library : layer.getValue()) {
                add(entries, staged, ServiceFolder.LIBRARIES + "/" + library.name());
            }
            image.addFileEntriesLayer(entries.build());
        }
        image.addFileEntriesLayer(testModel());
        FileEntriesLayer.Builder program = FileEntriesLayer.builder().setName("program");
        add(program, staged, ServiceFolder.JAR);
        image.addFileEntriesLayer(program.build());
        if (Files.exists(staged.resolve(ImageCommand.ARCHIVE))) {
            FileEntriesLayer.Builder classes = FileEntriesLayer.builder().setName("classes");
            add(classes, staged, ImageCommand.ARCHIVE);
            image.addFileEntriesLayer(classes.build());
        }
        image.setEntrypoint(ImageCommand.entryPoint(service))
                .setUser(USER)
                .setFormat(ImageFormat.OCI)
                .setWorkingDirectory(AbsoluteUnixPath.get(ImageCommand.APPLICATION))
                .addEnvironmentVariable("LLAVA_NODE_HOST", "0.0.0.0")
                .addEnvironmentVariable("LLAVA_NODE_PORT", Integer.toString(GRPC_PORT))
                .addEnvironmentVariable("QUARKUS_HTTP_HOST", "0.0.0.0")
                .addEnvironmentVariable("QUARKUS_HTTP_PORT", Integer.toString(HTTP_PORT))
                .addEnvironmentVariable("LLAVA_MODEL", ImageCommand.TEST_MODEL)
                .addEnvironmentVariable("XDG_CACHE_HOME", "/tmp/cache")
                .addLabel("org.opencontainers.image.title", "LLaVA Cluster: " + service.service())
                .addLabel("org.opencontainers.image.licenses", "Apache-2.0")
                .addExposedPort(Port.tcp(GRPC_PORT))
                .addExposedPort(Port.tcp(HTTP_PORT))
                .containerize(
                        Containerizer.to(TarImage.at(archive(service)).named(ImageReference.parse(name + ":" + tag)))
                                .setBaseImageLayersCache(target.resolve("cache/base"))
                                .setApplicationLayersCache(target.resolve("cache/application"))
                                .setOfflineMode(true));
    }

    /** A tiny model with random weights, so that an installation without a model of its own answers something. */
    private FileEntriesLayer testModel() throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName("model");
        try (Stream<Path> files = Files.list(project.resolve("fixtures/llava-1.5-tiny"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith("goldens.")) {
                    layer.addEntry(file, AbsoluteUnixPath.get(ImageCommand.TEST_MODEL + "/" + name));
                }
            }
        }
        return layer.build();
    }

    private static void add(FileEntriesLayer.Builder layer, Path staged, String file) throws IOException {
        layer.addEntry(staged.resolve(file), AbsoluteUnixPath.get(ImageCommand.APPLICATION + "/" + file));
    }
}
