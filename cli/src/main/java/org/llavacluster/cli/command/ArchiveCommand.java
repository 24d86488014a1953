package org.llavacluster.cli.command;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.Installation;
import org.llavacluster.cli.archive.ArchiveMaker;
import org.llavacluster.cli.archive.ClassArchive;
import org.llavacluster.cli.archive.ClassLists;
import org.llavacluster.cli.archive.JavaProgram;
import org.llavacluster.cli.cluster.ServiceRole;
import picocli.CommandLine.Command;

/**
 * Makes the AppCDS archives of the services and of this command, from the classes that one question to the test
 * checkpoint loads.
 */
@Command(
        name = "archive",
        description = "Make later starts faster; the launcher does so after each build.",
        mixinStandardHelpOptions = true)
public final class ArchiveCommand implements Callable<Integer> {

    /** Name under which the launcher looks for the archive. */
    private static final String CLI = "cli";

    /** The question starts four processes, at the lowest priority after a build: two minutes have not sufficed. */
    private static final Duration LONGEST_QUESTION = Duration.ofMinutes(10);

    @Override
    public Integer call() throws IOException {
        Path folder = Installation.archives()
                .orElseThrow(() ->
                        new CliException("the system property llava.archives is not set: start this through ./llava"));
        JavaProgram cli = new JavaProgram(
                CLI,
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                Path.of(System.getProperty("java.class.path")));
        ClassLists lists = new ClassLists(Files.createTempDirectory("llava-class-lists-"));
        try {
            ask(cli, lists);
            ArchiveMaker maker = new ArchiveMaker(folder);
            Stream.concat(Arrays.stream(ServiceRole.values()).map(ServiceRole::usualProgram), Stream.of(cli))
                    .parallel()
                    .forEach(program -> maker.make(program, lists.of(program.name())));
            return 0;
        } finally {
            delete(lists.folder());
        }
    }

    private static void ask(JavaProgram cli, ClassLists lists) throws IOException {
        List<String> further = new ArrayList<>(ClassArchive.recordOptions(lists.of(CLI)));
        further.add(lists.option());
        List<String> command = new ArrayList<>(cli.command(further));
        command.addAll(List.of(
                "ask", "--max-tokens=16", "--image=" + Installation.exampleImage(), "What is shown in this image?"));
        Process process = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (!process.waitFor(LONGEST_QUESTION.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new CliException("the question that was asked to record the loaded classes got no answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while a question was asked", e);
        } finally {
            process.destroy();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
