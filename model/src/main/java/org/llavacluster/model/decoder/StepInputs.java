package org.llavacluster.model.decoder;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;

/**
 * The inputs of a {@link DecoderProgram#MIXED} run.
 *
 * @param tensors tensors by name
 * @param owned tensors to close after the run
 */
record StepInputs(Map<String, HostTensor> tensors, List<HostTensor> owned) implements AutoCloseable {

    static StepInputs of(Backend backend, int hidden, List<SequenceRows> sequences) {
        return new Builder(backend, hidden, sequences).build();
    }

    @Override
    public void close() {
        owned.forEach(HostTensor::close);
    }

    /** Rows of an image with the tensor that has them. */
    private record ImageRows(HostTensor tensor, RowRun.Image run) {}

    private static final class Builder {

        private final Backend backend;
        private final int hidden;
        private final List<SequenceRows> sequences;
        private final Map<String, HostTensor> tensors = new HashMap<>();
        private final List<HostTensor> owned = new ArrayList<>();

        Builder(Backend backend, int hidden, List<SequenceRows> sequences) {
            this.backend = backend;
            this.hidden = hidden;
            this.sequences = sequences;
        }

        StepInputs build() {
            int rows = 0;
            int ids = 0;
            int wanted = 0;
            List<ImageRows> images = new ArrayList<>();
            for (SequenceRows sequence : sequences) {
                for (RowRun run : sequence.runs()) {
                    rows += run.rows();
                    switch (run) {
                        case RowRun.Ids of -> ids += of.rows();
                        case RowRun.Image image ->
                            images.add(new ImageRows(sequence.images().apply(image.image()), image));
                    }
                }
                wanted += sequence.wantsLogits() ? 1 : 0;
            }
            embeddings(images);
            fill(ints(DecoderProgram.IDS, ids), ids, ints(DecoderProgram.ORDER, rows));
            positions(ints(DecoderProgram.POSITIONS, rows), ints(DecoderProgram.WANTED, wanted));
            return new StepInputs(tensors, owned);
        }

        /**
         * Feeds the rows of images. A single whole image in float32 is fed without a copy. Parts of images, several
         * images and float16 are copied into the one float32 tensor that the program reads.
         */
        private void embeddings(List<ImageRows> images) {
            if (images.size() == 1 && isWholeFloats(images.getFirst())) {
                tensors.put(DecoderProgram.EMBEDDINGS, images.getFirst().tensor());
                return;
            }
            int rows = 0;
            for (ImageRows image : images) {
                requireColumns(image.tensor().shape());
                rows += image.run().rows();
            }
            HostTensor joined = own(DecoderProgram.EMBEDDINGS, backend.allocate(DType.F32, rows, hidden));
            long to = 0;
            for (ImageRows image : images) {
                HostTensor tensor = image.tensor();
                long rowBytes = (long) hidden * tensor.dtype().bytes();
                MemorySegment source = tensor.bytes()
                        .asSlice(image.run().firstRow() * rowBytes, image.run().rows() * rowBytes);
                long bytes = (long) image.run().rows() * hidden * Float.BYTES;
                FloatConversion.convert(
                        tensor.dtype(), source, DType.F32, joined.bytes().asSlice(to, bytes));
                to += bytes;
            }
        }

        private void requireColumns(long[] shape) {
            if (shape.length != 2 || shape[1] != hidden) {
                throw new IllegalArgumentException(
                        "embeddings of shape " + Arrays.toString(shape) + ", expected [rows, " + hidden + "]");
            }
        }

        private static boolean isWholeFloats(ImageRows image) {
            return image.run().rows() == image.tensor().shape()[0]
                    && image.tensor().dtype() == DType.F32;
        }

        private void fill(HostTensor ids, int idCount, HostTensor order) {
            int row = 0;
            int id = 0;
            int imageRow = idCount;
            for (SequenceRows sequence : sequences) {
                for (RowRun run : sequence.runs()) {
                    int next = 0;
                    switch (run) {
                        case RowRun.Ids of -> {
                            MemorySegment.copy(
                                    of.ids(), 0, ids.bytes(), HostTensor.INT, (long) id * Integer.BYTES, of.rows());
                            next = id;
                            id += of.rows();
                        }
                        case RowRun.Image image -> {
                            next = imageRow;
                            imageRow += image.rows();
                        }
                    }
                    for (int i = 0; i < run.rows(); i++) {
                        order.bytes().setAtIndex(HostTensor.INT, row++, next + i);
                    }
                }
            }
        }

        private void positions(HostTensor positions, HostTensor wanted) {
            int row = 0;
            int want = 0;
            for (SequenceRows sequence : sequences) {
                int end = sequence.start() + sequence.rows();
                for (int position = sequence.start(); position < end; position++) {
                    positions.bytes().setAtIndex(HostTensor.INT, row++, position);
                }
                if (sequence.wantsLogits()) {
                    wanted.bytes().setAtIndex(HostTensor.INT, want++, row - 1);
                }
            }
        }

        private HostTensor ints(String name, int count) {
            return own(name, backend.allocate(DType.I32, count));
        }

        private HostTensor own(String name, HostTensor tensor) {
            tensors.put(name, tensor);
            owned.add(tensor);
            return tensor;
        }
    }
}
