package org.llavacluster.cli.command;

import java.util.Optional;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.text.config.ModelFolder;
import org.llavacluster.text.prompt.PromptEncoder;
import org.llavacluster.text.tokenizer.Tokenizer;

/** Looks at a model before or while processes are started for it, so that a bad folder is one line within a second. */
final class LocalModel {

    private LocalModel() {}

    /**
     * Checks what takes no time: the configuration, the machine.
     *
     * @return the check of all else in the folder, which takes half a second and needs nothing that processes would be in the way of
     */
    static Runnable check(ModelOptions options, ClusterSize size, Progress progress) {
        ModelFolder folder = options.open();
        LocalMemory.require(options, folder.config(), size, MachineMemory.bytes());
        Cores.warn(options.threads(), progress);
        if (options.isDefaultModel()) {
            progress.note(
                    "No --model given: using the project's tiny test checkpoint, whose weights are random, so the "
                            + "answers are noise.");
        }
        return () -> open(folder).close();
    }

    /**
     * The folder's weights, once all that the processes of a cluster need of the folder is known to be there.
     *
     * @throws org.llavacluster.text.config.ModelFormatException if some process of a cluster could not serve the folder
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
