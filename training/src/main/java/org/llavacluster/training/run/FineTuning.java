package org.llavacluster.training.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.training.LearningModel;
import org.llavacluster.engine.training.LearningPlan;
import org.llavacluster.engine.training.LearningState;
import org.llavacluster.engine.training.StateTensors;
import org.llavacluster.engine.training.TrainingBackend;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.TrainingPrograms;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.checkpoint.LearnedFolder;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.training.data.ConversationFile;
import org.llavacluster.training.data.ConversationRecord;
import org.llavacluster.training.data.ImageFolder;
import org.llavacluster.training.data.ModalityLengthOrder;
import org.llavacluster.training.data.RefusedRecord;
import org.llavacluster.training.data.SampleEncoder;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.data.TrainingSet;
import org.llavacluster.training.optimiser.CosineSchedule;
import org.llavacluster.training.optimiser.GradientClipping;
import org.llavacluster.training.optimiser.WeightDecay;

/**
 * A training over a file of conversations, from a model folder to a model folder: one of LLaVA's two stages, or one
 * that makes the model that they start from. A run that was stopped at any moment continues from its last checkpoint,
 * with the bits of one that was never interrupted.
 */
public final class FineTuning {

    private static final int REPORT_EVERY = 100;

    private final ModelFolder folder;
    private final TrainingBackend backend;
    private final FineTuningSettings settings;
    private final FineTuningListener listener;

    public FineTuning(
            ModelFolder folder, TrainingBackend backend, FineTuningSettings settings, FineTuningListener listener) {
        this.folder = folder;
        this.backend = backend;
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Runs the stage, or what is left of it.
     *
     * @param data conversations as LLaVA's files have them
     * @param images the folder that their images are in
     * @param out absent, empty, or of the same run
     * @param strict refuses the data for a single record that cannot be learned from
     * @param saveEvery updates between checkpoints
     * @throws TrainingDataException if the data cannot be used, or {@code out} holds something else
     * @throws DivergedException if the loss is no longer a number; the last checkpoint stays
     */
    public void run(Path data, Path images, Path out, boolean strict, int saveEvery) throws IOException {
        RunFolder run = new RunFolder(out);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            checkpoint.require(ServingPrograms.of(folder.config()));
            run.open(identity(checkpoint, data));
            try (ImageSource features = images(run, checkpoint);
                    Tokenizer tokenizer = Tokenizer.load(folder)) {
                SampleEncoder encoder = new SampleEncoder(
                        tokenizer, folder.config().imageTokenId(), settings.template(), settings.maxLength());
                Map<String, String> names = new HashMap<>();
                TrainingSet set = read(data, images, encoder, features, names);
                Samples samples = new Samples(strict ? set.strict() : set, encoder, features, names);
                learn(run, samples, checkpoint, saveEvery);
            }
        }
    }

    private ImageSource images(RunFolder run, Checkpoint checkpoint) {
        return settings.stage().trainsTower()
                ? new PixelStore(folder.config())
                : new FeatureStore(run.features(), backend, folder.config(), checkpoint);
    }

    /** Checks all records and encodes their images. */
    private TrainingSet read(
            Path data, Path images, SampleEncoder encoder, ImageSource features, Map<String, String> names) {
        ImageFolder files = new ImageFolder(images);
        long[] checked = {0};
        return TrainingSet.read(
                new ConversationFile(data),
                settings.stage().usesImages() ? one -> one : ConversationRecord::withoutImage,
                encoder,
                image -> features.rows(names.computeIfAbsent(image, path -> features.prepare(files.file(path)))),
                () -> {
                    if (++checked[0] % REPORT_EVERY == 0) {
                        listener.prepared(checked[0], features.computed());
                    }
                });
    }

    private void learn(RunFolder run, Samples samples, Checkpoint checkpoint, int saveEvery) throws IOException {
        int perEpoch = Math.ceilDiv(samples.count(), settings.batch());
        int updates = (int) Math.min(settings.maxUpdates(), (long) settings.epochs() * perEpoch);
        try (LearningModel model = backend.learn(plan(), weights(checkpoint))) {
            new UpdateLoop(run, saveEvery, listener)
                    .run(
                            model,
                            updateSettings(updates),
                            updates,
                            done -> listener.starting(samples.count(), samples.refused(), done, updates),
                            update -> batches(samples.of(update, perEpoch)));
            try (StateTensors weights = model.read(LearningState.WEIGHT)) {
                run.publish(partial -> new LearnedFolder(folder.folder())
                        .writeInto(partial, name -> weights.find(name).map(HostTensor::toFloats)));
            }
        }
    }

    private List<LearningBatch> batches(List<List<LearningSample>> samples) {
        return samples.stream()
                .map(batch -> LearningBatch.of(batch, folder.config().imageTokenId(), input()))
                .toList();
    }

    private ImageInput input() {
        return settings.stage().trainsTower()
                ? ImageInput.pixels(folder.config())
                : ImageInput.features(folder.config().projector().inputSize());
    }

    private LearningPlan plan() {
        Program program = settings.stage().trainsTower()
                ? TrainingPrograms.ofCaptions(folder.config())
                : TrainingPrograms.ofInstructions(folder.config());
        return LearningPlan.of(program, DecoderProgram.LOGITS, settings.stage()::trains);
    }

    private static Weights weights(Checkpoint checkpoint) {
        return name -> checkpoint.weights(part(name)).get(name);
    }

    private static ModelPart part(String weight) {
        return ModelPart.valueOf(weight.substring(0, weight.indexOf('.')).toUpperCase(Locale.ROOT));
    }

    private UpdateSettings updateSettings(int updates) {
        CosineSchedule schedule = CosineSchedule.withWarmup(settings.rate(), updates, settings.warmupRatio());
        return UpdateSettings.of(schedule, new WeightDecay(settings.decay()), new GradientClipping(settings.maxNorm()));
    }

    /** What a run must share with one that it continues. */
    private Map<String, String> identity(Checkpoint checkpoint, Path data) {
        return Map.of(
                "settings", settings.toString(),
                "data", new ConversationFile(data).digest(),
                "vision", checkpoint.revision(ModelPart.VISION),
                "projector", checkpoint.revision(ModelPart.PROJECTOR),
                "decoder", checkpoint.revision(ModelPart.DECODER),
                "kernels", backend.kernelVersion());
    }

    /** The samples of each update. */
    private final class Samples {

        private final TrainingSet set;
        private final SampleEncoder encoder;
        private final ImageSource features;
        private final Map<String, String> names;
        private final int[] lengths;
        private final boolean[] hasImage;
        private int epoch = -1;
        private List<Integer> order = List.of();

        Samples(TrainingSet set, SampleEncoder encoder, ImageSource features, Map<String, String> names) {
            this.set = set;
            this.encoder = encoder;
            this.features = features;
            this.names = names;
            this.lengths =
                    set.records().stream().mapToInt(ConversationRecord::words).toArray();
            this.hasImage = new boolean[lengths.length];
            IntStream.range(0, lengths.length)
                    .forEach(n -> hasImage[n] = set.records().get(n).image().isPresent());
        }

        int count() {
            return lengths.length;
        }

        List<RefusedRecord> refused() {
            return set.refused();
        }

        /** The batches of an update; the last one of an epoch may be short. */
        List<List<LearningSample>> of(int update, int perEpoch) {
            if (update / perEpoch != epoch) {
                epoch = update / perEpoch;
                order = order(settings.seed() + epoch);
            }
            int from = update % perEpoch * settings.batch();
            int end = Math.min(from + settings.batch(), order.size());
            List<List<LearningSample>> batches = new ArrayList<>();
            for (int first = from; first < end; first += settings.together()) {
                batches.add(order.subList(first, Math.min(first + settings.together(), end)).stream()
                        .map(n -> sample(set.records().get(n)))
                        .toList());
            }
            return batches;
        }

        private List<Integer> order(long seed) {
            boolean grouped = settings.groupByLength();
            return new ModalityLengthOrder(settings.together(), settings.batches())
                    .order(
                            grouped ? lengths : new int[lengths.length],
                            grouped ? hasImage : new boolean[lengths.length],
                            seed);
        }

        private LearningSample sample(ConversationRecord conversation) {
            Optional<LearningSample.ImageFeatures> image =
                    conversation.image().map(path -> features.read(names.get(path)));
            int rows = image.map(read -> read.rowOrder().length).orElse(0);
            return new LearningSample(encoder.encode(conversation, rows), image);
        }
    }
}
