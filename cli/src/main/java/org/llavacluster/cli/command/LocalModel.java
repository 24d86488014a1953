package org.llavacluster.cli.command;

import java.util.Optional;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.prompt.PromptEncoder;
import org.llavacluster.modelio.tokenizer.Tokenizer;

/** Checks a model before or while its processes start, so that a bad folder gives one line within a second. */
final class LocalModel {

    private LocalModel() {}

    /**
     * Checks what takes no time: the configuration and the machine.
     *
     * @return the check of the rest of the folder, which takes half a second and can run beside starting processes
     */
    static Runnable check(ModelOptions options, ClusterSize size, Progress progress) {
        ModelFolder folder = options.open();
        LocalMemory.require(options, folder.config(), size, MachineMemory.bytes());
        CoreWarning.warn(options.threads(), progress);
        if (options.isDefaultModel()) {
            progress.note(
                    "No --model given: using the project's tiny test checkpoint, whose weights are random, so the "
                            + "answers are noise.");
        }
        return () -> open(folder).close();
    }

    /**
     * The folder's weights, after a check of everything else that the processes of a cluster need.
     *
     * @throws org.llavacluster.modelio.config.ModelFormatException if a process of a cluster could not serve the folder
     */
    static Checkpoint open(ModelFolder folder) {
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            PromptEncoder.of(folder, tokenizer, Optional.empty());
        }
        Checkpoint checkpoint = Checkpoint.open(folder);
        try {
            checkpoint.require(ServingPrograms.of(folder.config()));
            return checkpoint;
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }
}
