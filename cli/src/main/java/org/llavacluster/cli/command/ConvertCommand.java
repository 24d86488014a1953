package org.llavacluster.cli.command;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.engine.DType;
import org.llavacluster.model.checkpoint.ConvertedFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a model folder with its weights in another type. */
@Command(
        name = "convert",
        description = "Write a model folder with its weights in another type: a trained f32 model at half its size.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ConvertCommand implements Callable<Integer> {

    @Option(names = "--model", paramLabel = "DIR", required = true, description = "A model folder with safetensors.")
    private Path model;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            required = true,
            description = "f32, f16 or bf16; values are rounded to the nearest.")
    private DType dtype;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where it goes: absent or empty.")
    private Path out;

    @Override
    public Integer call() {
        if (dtype == DType.I32) {
            throw new CliException("--dtype must be f32, f16 or bf16, not i32");
        }
        return FolderOutput.write(out, Progress.toStderr(), new ConvertedFolder(model, dtype)::write);
    }
}
