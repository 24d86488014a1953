package org.llavacluster.cli.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.scenes.ImageAnnotations;
import org.llavacluster.training.scenes.InstructionKind;
import org.llavacluster.training.scenes.SceneConversations;
import org.llavacluster.training.scenes.SceneFolder;
import org.llavacluster.training.scenes.SceneSplit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes data to train with. */
@Command(
        name = "data",
        description = "Make training data: scenes with annotations, and conversations about annotated images.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DataCommand.Scenes.class, DataCommand.Instruct.class})
public final class DataCommand {

    /** {@code llava data scenes}. */
    @Command(
            name = "scenes",
            description = "Make images of known things with captions and boxes in COCO's format.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Scenes implements Callable<Integer> {

        @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where they go: absent or empty.")
        private Path out;

        @Option(names = "--count", paramLabel = "N", required = true, description = "The number of images.")
        private int count;

        @Option(
                names = "--seed",
                paramLabel = "S",
                description = "Equal seeds give equal files; default ${DEFAULT-VALUE}.")
        private long seed = 1;

        @Option(
                names = "--held-out",
                description = "Scenes to judge by: their combinations are never among those made without this option.")
        private boolean heldOut;

        @Option(
                names = "--side",
                paramLabel = "N",
                description = "About the side of an image in pixels; default ${DEFAULT-VALUE}.")
        private int side = 224;

        @Override
        public Integer call() {
            OptionRange.requireBetween("--count", count, 1, 10_000_000);
            OptionRange.requireBetween("--side", side, 64, 2048);
            Progress lines = Progress.toStderr();
            SceneSplit split = heldOut ? SceneSplit.HELD_OUT : SceneSplit.TRAIN;
            return FolderOutput.write(out, lines, (folder, _) -> new SceneFolder(folder, split, side, seed)
                    .write(count, done -> lines.step(done == count, () -> "%d of %d scenes".formatted(done, count))));
        }
    }

    /** {@code llava data instruct}. */
    @Command(
            name = "instruct",
            description = "Write conversations, descriptions and reasoning about annotated images, as LLaVA's JSON.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    public static final class Instruct implements Callable<Integer> {

        @Option(
                names = "--rules",
                required = true,
                description = "Write them by grammar from the annotations, without a language model.")
        private boolean rules;

        @Option(
                names = "--annotations",
                paramLabel = "FILE",
                required = true,
                description = "Boxes or captions in COCO's format; may be repeated.")
        private List<Path> annotations;

        @Option(names = "--out", paramLabel = "FILE", required = true, description = "The conversations.")
        private Path out;

        @Option(
                names = "--kinds",
                paramLabel = "KIND",
                split = ",",
                description = "conversation, detail, reasoning or caption; default the first three.")
        private Set<InstructionKind> kinds =
                EnumSet.of(InstructionKind.CONVERSATION, InstructionKind.DETAIL, InstructionKind.REASONING);

        @Option(
                names = "--seed",
                paramLabel = "S",
                description = "Equal seeds give equal files; default ${DEFAULT-VALUE}.")
        private long seed = 1;

        @Override
        public Integer call() {
            try {
                int records = new SceneConversations(ImageAnnotations.read(annotations), seed).write(out, kinds);
                Progress.toStderr().done(records + " records");
            } catch (TrainingDataException | FileSystemException e) {
                throw new CliException(e.getMessage(), e);
            } catch (IOException e) {
                String reason = e instanceof FileNotFoundException ? "no such folder" : e.getMessage();
                throw new CliException(out + ": cannot be written: " + reason, e);
            }
            System.out.println(out);
            return 0;
        }
    }
}
