package org.llavacluster.training.run;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.vision.ClipProgram;
import org.llavacluster.model.vision.ClipTextConfig;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.VisionConfig;

/**
 * Images with their captions as the inputs of {@link ClipProgram}. The classes of an image's similarities are the
 * captions of the batch, those of a caption's the images; the right one is that of the pair.
 */
final class ContrastiveBatch {

    private ContrastiveBatch() {}

    /**
     * @param pixels {@code [n, channels, side, side]} F32
     * @param captions ids of each image's caption, up to and with the end id; longer ones are cut
     * @param records names of the pairs
     */
    static LearningBatch of(
            VisionConfig vision, ClipTextConfig text, HostTensor pixels, List<int[]> captions, List<String> records) {
        int positions = text.positions();
        int count = captions.size();
        int[] ids = new int[Math.multiplyExact(count, positions)];
        int[] ends = new int[count];
        for (int n = 0; n < count; n++) {
            int[] caption = Arrays.copyOf(captions.get(n), Math.min(positions, captions.get(n).length));
            caption[caption.length - 1] = text.endId();
            System.arraycopy(caption, 0, ids, n * positions, caption.length);
            ends[n] = n * positions + caption.length - 1;
        }
        int rowsPerImage = vision.gridSide() * vision.gridSide() + 1;
        int[] classRows = IntStream.range(0, count).map(n -> n * rowsPerImage).toArray();
        int[] pairs = IntStream.range(0, 2 * count).map(n -> n % count).toArray();
        return new LearningBatch(
                Map.of(
                        VisionProgram.PIXELS, pixels,
                        ClipProgram.IDS, HostTensor.ofInts(ids, ids.length),
                        ClipProgram.ENDS, HostTensor.ofInts(ends, count),
                        ClipProgram.CLASS_ROWS, HostTensor.ofInts(classRows, count)),
                HostTensor.ofInts(pairs, pairs.length),
                records);
    }
}
