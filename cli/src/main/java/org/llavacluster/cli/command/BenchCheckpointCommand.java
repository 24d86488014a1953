package org.llavacluster.cli.command;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.model.bench.LlavaShape;
import org.llavacluster.model.bench.folder.RandomFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a model folder of a well-known size, to measure whole requests without a trained model. */
@Command(
        name = "checkpoint",
        description = "Write a model folder of a real size with random weights, for the other benchmarks.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchCheckpointCommand implements Callable<Integer> {

    @Option(
            names = "--shape",
            paramLabel = "NAME",
            description = "llava-tinyllama-1.1b (2.8 GB), llava-7b (14.1 GB) or tiny; default ${DEFAULT-VALUE}.")
    private String shape = LlavaShape.LLAVA_TINYLLAMA_1_1B.written();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "The folder, which must be absent or empty.")
    private Path out;

    @Option(names = "--seed", paramLabel = "S", description = "Same seed, same weights; default ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Override
    public Integer call() {
        RandomFolder folder = new RandomFolder(shape(), seed);
        Progress progress = Progress.toStderr();
        progress.note("Writing " + shape + " to " + out);
        return FolderOutput.write(out, progress, folder::write);
    }

    private LlavaShape shape() {
        return Arrays.stream(LlavaShape.values())
                .filter(known -> known.written().equals(shape))
                .findFirst()
                .orElseThrow(() -> new CliException("--shape must be one of "
                        + Arrays.stream(LlavaShape.values())
                                .map(LlavaShape::written)
                                .collect(Collectors.joining(", "))
                        + ", not " + shape));
    }
}
