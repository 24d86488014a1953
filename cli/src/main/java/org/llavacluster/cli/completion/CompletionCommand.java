package org.llavacluster.cli.completion;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that makes a shell complete this command. */
@Command(
        name = "completion",
        description = {
            "Print a script that completes commands and options in a shell.",
            "bash: source <(./llava completion bash)",
            "zsh:  source <(./llava completion zsh)",
            "fish: ./llava completion fish | source"
        },
        mixinStandardHelpOptions = true)
public final class CompletionCommand implements Callable<Integer> {

    /** The shells with a script. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        CommandSpec root = command.root();
        System.out.print(
                switch (shell) {
                    // For zsh the script loads zsh's support of bash completion.
                    case BASH, ZSH -> AutoComplete.bash(root.name(), root.commandLine());
                    case FISH -> FishCompletion.script(root);
                });
        System.out.flush();
        return 0;
    }
}
