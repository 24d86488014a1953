package org.llavacluster.training.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.training.LearningModel;
import org.llavacluster.engine.training.LearningState;
import org.llavacluster.engine.training.StateTensors;
import org.llavacluster.model.checkpoint.SafetensorsShard;
import org.llavacluster.model.checkpoint.StoredTensor;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.model.checkpoint.WrittenTensor;

/**
 * The state of a run after some of its updates: the weights that learn and their moments, as float32, so that a run
 * that continues from there has the bits of one that was never interrupted. A checkpoint appears whole or not at all,
 * and the one before it is deleted only after that.
 */
public final class RunCheckpoints {

    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,9})\\.safetensors");
    private static final List<LearningState> KEPT =
            List.of(LearningState.WEIGHT, LearningState.FIRST_MOMENT, LearningState.SECOND_MOMENT);

    private final Path folder;

    public RunCheckpoints(Path folder) {
        this.folder = folder;
    }

    /** The number of updates that the newest checkpoint holds; empty if there is none. */
    public Optional<Integer> newest() throws IOException {
        return all().stream().max(Comparator.naturalOrder());
    }

    /**
     * Writes a checkpoint and deletes older ones.
     *
     * @param updates how many were made
     */
    public void write(LearningModel model, int updates) throws IOException {
        Files.createDirectories(folder);
        List<WrittenTensor> tensors = new ArrayList<>();
        List<StateTensors> states = new ArrayList<>();
        try {
            for (LearningState state : KEPT) {
                StateTensors values = model.read(state);
                states.add(values);
                for (String weight : model.trained()) {
                    HostTensor value = values.of(weight);
                    List<Long> shape = Arrays.stream(value.shape()).boxed().toList();
                    tensors.add(WrittenTensor.of(name(weight, state), "F32", shape, value.bytes()));
                }
            }
            new SafetensorsShard(tensors).write(file(updates), folder.resolve("checkpoint.partial"));
        } finally {
            states.forEach(StateTensors::close);
        }
        for (int older : all()) {
            if (older < updates) {
                Files.delete(file(older));
            }
        }
    }

    /**
     * Puts a model into the state of a checkpoint.
     *
     * @throws IllegalArgumentException if another set of weights learned there
     */
    public void read(LearningModel model, int updates) {
        try (StoredTensors tensors = StoredTensors.ofFile(file(updates))) {
            if (tensors.all().size() != model.trained().size() * KEPT.size()) {
                throw new IllegalArgumentException(file(updates) + " is of a run that trains other weights");
            }
            for (String weight : model.trained()) {
                for (LearningState state : KEPT) {
                    StoredTensor stored = tensors.find(name(weight, state))
                            .orElseThrow(() ->
                                    new IllegalArgumentException(file(updates) + " has no " + name(weight, state)));
                    model.write(weight, state, stored.floats());
                }
            }
        }
    }

    private static String name(String weight, LearningState state) {
        return state.name().toLowerCase(Locale.ROOT) + "." + weight;
    }

    private List<Integer> all() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(match -> Integer.parseInt(match.group(1)))
                    .toList();
        }
    }

    private Path file(int updates) {
        return folder.resolve("checkpoint-" + updates + ".safetensors");
    }
}
