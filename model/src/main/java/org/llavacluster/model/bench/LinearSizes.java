package org.llavacluster.model.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;
import org.llavacluster.engine.bench.LinearBench.Size;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.model.vision.VisionProgram;

/** The linear layers of models of well-known sizes. */
public final class LinearSizes {

    /** Prompt rows that a decoder's layers take at once: those of one image. */
    private static final int PROMPT = 576;

    private LinearSizes() {}

    /** The names that {@link #of} knows. */
    public static List<String> shapes() {
        return Stream.concat(
                        Arrays.stream(DecoderShape.values()).map(DecoderShape::written), Stream.of(VisionBench.SHAPE))
                .toList();
    }

    /**
     * The layers of that shape, each size once: a decoder's for the rows of a prompt, of several sequences and of one;
     * CLIP's for the rows of some tiles. Empty for an unknown name.
     *
     * @param batch number of sequences or tiles
     */
    public static Optional<List<Size>> of(String shape, int batch) {
        if (shape.equals(VisionBench.SHAPE)) {
            int rows = VisionBench.VISION.rowsPerTile() + 1;
            return Optional.of(of(VisionProgram.trace(VisionBench.VISION), List.of(batch * rows)));
        }
        SequencedSet<Integer> rows = new LinkedHashSet<>(List.of(PROMPT));
        rows.add(batch);
        rows.add(1);
        return Arrays.stream(DecoderShape.values())
                .filter(known -> known.written().equals(shape))
                .findFirst()
                .map(known -> of(DecoderProgram.decode(known.config()), rows));
    }

    private static List<Size> of(Program program, Iterable<Integer> rows) {
        SequencedSet<Size> sizes = new LinkedHashSet<>();
        for (int count : rows) {
            for (Op op : program.ops()) {
                if (op instanceof Op.Linear linear) {
                    long columns = linear.weight().shape().getFirst().factor();
                    sizes.add(new Size(
                            count,
                            Math.toIntExact(columns),
                            Math.toIntExact(linear.weight().columns())));
                }
            }
        }
        return new ArrayList<>(sizes);
    }
}
