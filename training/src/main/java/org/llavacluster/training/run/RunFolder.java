package org.llavacluster.training.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.llavacluster.model.checkpoint.NewFolder;
import org.llavacluster.training.data.TrainingDataException;

/**
 * The folder of a run: the trained model at the end, and beside it in {@code training/} what the run needs to continue:
 * {@code run.json}, the newest checkpoint, the features of the images, and {@code log.jsonl} with a line for each
 * update.
 */
final class RunFolder {

    private static final String IDENTITY = "run.json";
    private static final String LOG = "log.jsonl";
    private static final String CONFIG = "config.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path out;
    private final Path state;

    RunFolder(Path out) {
        this.out = out.toAbsolutePath().normalize();
        this.state = this.out.resolve("training");
    }

    Path features() {
        return state.resolve("features");
    }

    RunCheckpoints checkpoints() {
        return new RunCheckpoints(state);
    }

    /**
     * Starts a run here, or checks that it is the one that is here.
     *
     * @param identity what the run shares with none that gives other weights
     * @throws TrainingDataException if the folder holds something else, or a run that differs, naming in what
     */
    void open(Map<String, String> identity) throws IOException {
        Path file = state.resolve(IDENTITY);
        if (Files.exists(file)) {
            JsonNode before = JSON.readTree(file.toFile());
            for (Map.Entry<String, String> entry : new TreeMap<>(identity).entrySet()) {
                if (!before.path(entry.getKey()).asText().equals(entry.getValue())) {
                    throw new TrainingDataException(out + ": holds a run with other " + entry.getKey()
                            + ": give the same command to continue it, or another --out");
                }
            }
            return;
        }
        if (Files.exists(out)) {
            try (Stream<Path> content = Files.list(out)) {
                if (content.anyMatch(path -> !path.equals(state))) {
                    throw new TrainingDataException(out + ": is not empty and holds no run that could go on");
                }
            }
        }
        Files.createDirectories(state);
        Path partial = state.resolve(IDENTITY + ".partial");
        Files.write(partial, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(new TreeMap<>(identity)));
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Drops the lines of updates that were made after the checkpoint and will be made again. */
    void continueLog(int updatesDone) throws IOException {
        Path file = state.resolve(LOG);
        if (!Files.exists(file)) {
            return;
        }
        List<String> kept = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (kept.size() < updatesDone) {
                kept.add(line);
            }
        }
        Files.write(file, kept);
    }

    /** Adds the line of an update. */
    void log(UpdateReport report) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("update", report.update());
        line.put("loss", report.loss());
        line.put("gradient_norm", report.gradientNorm());
        line.put("targets", report.targets());
        line.put("records", report.records());
        Files.writeString(
                state.resolve(LOG),
                JSON.writeValueAsString(line) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Puts the trained model into the folder; its configuration comes last, so that half a model is never loaded. */
    void publish(NewFolder.Filling model) throws IOException {
        if (Files.exists(out.resolve(CONFIG))) {
            return;
        }
        Path made = state.resolve("model");
        NewFolder folder = new NewFolder(made);
        // A run that was stopped while it published has left something.
        folder.discard();
        folder.write(model);
        try (Stream<Path> files = Files.list(made)) {
            for (Path file : files.filter(path -> !path.endsWith(CONFIG)).toList()) {
                Files.move(file, out.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(made.resolve(CONFIG), out.resolve(CONFIG));
        Files.delete(made);
    }
}
