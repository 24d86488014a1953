package org.llavacluster.training.run;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.TrainingPrograms;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.training.data.TokenSample;
import org.llavacluster.training.run.LearningSample.ImageFeatures;

/**
 * Samples as the inputs of {@link TrainingPrograms#ofInstructions}: sequences padded at their ends to the longest,
 * which no row before can see, and targets for the rows that predict a label.
 *
 * @param inputs by name
 * @param targets {@code [n]} I32
 * @param records ids of what is in it
 */
public record LearningBatch(Map<String, HostTensor> inputs, HostTensor targets, List<String> records) {

    public LearningBatch {
        records = List.copyOf(records);
        inputs = Map.copyOf(inputs);
    }

    /**
     * @param samples at least one
     * @param imageId the id that stands for a row of an image
     * @param input that the images enter by
     * @throws IllegalArgumentException if a sample has more image rows than its image
     */
    static LearningBatch of(List<LearningSample> samples, int imageId, ImageInput input) {
        return new Builder(samples, imageId, input).build();
    }

    /** The number of targets. */
    public int size() {
        return Math.toIntExact(targets.size());
    }

    private static final class Builder {

        private final List<LearningSample> samples;
        private final int imageId;
        private final ImageInput input;
        private final int length;
        private final IntList ids = new IntList();
        private final IntList wanted = new IntList();
        private final IntList targets = new IntList();
        private final IntList rowOrder = new IntList();
        private final int[] order;

        Builder(List<LearningSample> samples, int imageId, ImageInput input) {
            this.samples = samples;
            this.imageId = imageId;
            this.input = input;
            this.length = samples.stream()
                    .mapToInt(sample -> sample.tokens().ids().length)
                    .max()
                    .orElseThrow();
            this.order = new int[Math.multiplyExact(samples.size(), length)];
        }

        LearningBatch build() {
            HostTensor features = features();
            // The padding is a row of its own. No loss depends on it.
            ids.add(0);
            int imageRows = 0;
            int[] firstImageRow = new int[samples.size()];
            for (int n = 0; n < firstImageRow.length; n++) {
                firstImageRow[n] = imageRows;
                imageRows += samples.get(n)
                        .image()
                        .map(image -> image.rowOrder().length)
                        .orElse(0);
            }
            for (int n = 0; n < firstImageRow.length; n++) {
                addTokens(n, firstImageRow[n]);
            }
            // Rows of images follow those of ids, whose number is known only now.
            for (int row = 0; row < order.length; row++) {
                order[row] = order[row] < 0 ? ids.size() + ~order[row] : order[row];
            }
            int[] positions = new int[order.length];
            Arrays.setAll(positions, row -> row % length);
            return new LearningBatch(
                    Map.of(
                            input.name(),
                            features,
                            ProjectorProgram.ROW_ORDER,
                            rowOrder.tensor(),
                            DecoderProgram.IDS,
                            ids.tensor(),
                            DecoderProgram.ORDER,
                            HostTensor.ofInts(order, order.length),
                            DecoderProgram.POSITIONS,
                            HostTensor.ofInts(positions, positions.length),
                            DecoderProgram.SEQUENCE_ROWS,
                            HostTensor.ofInts(new int[length], length),
                            DecoderProgram.WANTED,
                            wanted.tensor()),
                    targets.tensor(),
                    samples.stream().map(sample -> sample.tokens().id()).toList());
        }

        /** The items of all images, and the rows of features that enter the decoder. */
        private HostTensor features() {
            long items = samples.stream()
                    .flatMap(sample -> sample.image().stream())
                    .mapToLong(image -> image.features().shape()[0])
                    .sum();
            int newline = Math.toIntExact(items * input.rowsPerItem());
            HostTensor all = input.heap(items);
            long item = 0;
            for (LearningSample sample : samples) {
                if (sample.image().isPresent()) {
                    ImageFeatures image = sample.image().get();
                    MemorySegment bytes = image.features().bytes();
                    MemorySegment.copy(bytes, 0, all.bytes(), item * input.bytesPerItem(), bytes.byteSize());
                    int first = Math.toIntExact(item * input.rowsPerItem());
                    long own = image.features().shape()[0] * input.rowsPerItem();
                    for (int from : image.rowOrder()) {
                        rowOrder.add(from == own ? newline : first + from);
                    }
                    item += image.features().shape()[0];
                }
            }
            return all;
        }

        private void addTokens(int sample, int firstImageRow) {
            TokenSample tokens = samples.get(sample).tokens();
            int first = sample * length;
            int imageRow = firstImageRow;
            for (int i = 0; i < tokens.ids().length; i++) {
                if (tokens.ids()[i] == imageId) {
                    order[first + i] = ~imageRow++;
                } else {
                    order[first + i] = ids.size();
                    ids.add(tokens.ids()[i]);
                }
                if (i > 0 && tokens.labels()[i] != TokenSample.IGNORED) {
                    wanted.add(first + i - 1);
                    targets.add(tokens.labels()[i]);
                }
            }
            int own = samples.get(sample)
                    .image()
                    .map(image -> image.rowOrder().length)
                    .orElse(0);
            if (imageRow - firstImageRow > own) {
                throw new IllegalArgumentException("record " + tokens.id() + " has " + (imageRow - firstImageRow)
                        + " image rows, its image " + own);
            }
        }
    }

    /** Ints in a row. */
    private static final class IntList {

        private int[] values = new int[256];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        int size() {
            return size;
        }

        HostTensor tensor() {
            return HostTensor.ofInts(Arrays.copyOf(values, size), size);
        }
    }
}
