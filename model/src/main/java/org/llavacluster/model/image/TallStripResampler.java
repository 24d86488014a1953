package org.llavacluster.model.image;

import java.util.Arrays;
import org.llavacluster.model.image.BicubicResampler.RowSink;
import org.llavacluster.model.image.BicubicResampler.Window;

/**
 * Pillow's bicubic resize of images more than a hundred times as tall as wide, if it shrinks their height. Pillow 12
 * then makes the vertical pass first, rounded to 8 bits, and the horizontal pass second ({@code
 * PIL.Image.Image.resize}). The order changes pixels.
 */
final class TallStripResampler {

    private static final int TALL = 100;

    private final DecodedImage decoded;
    private final AxisWeights columns;
    private final AxisWeights rows;

    private TallStripResampler(DecodedImage decoded, AxisWeights columns, AxisWeights rows) {
        this.decoded = decoded;
        this.columns = columns;
        this.rows = rows;
    }

    /** Whether Pillow swaps the passes. */
    static boolean takes(PixelSource source, int resizedHeight) {
        return source.height() > (long) TALL * source.width() && resizedHeight < source.height();
    }

    static void resize(DecodedImage decoded, int width, int height, Window window, RowSink sink) {
        AxisWeights columns = AxisWeights.of(decoded.width(), width, window.left(), window.width());
        AxisWeights rows = AxisWeights.of(decoded.height(), height, window.top(), window.height());
        new TallStripResampler(decoded, columns, rows).run(sink);
    }

    private void run(RowSink sink) {
        int[] sums = new int[3 * decoded.width()];
        byte[] line = new byte[sums.length];
        byte[] output = new byte[3 * columns.outputs()];
        for (int row = 0; row < rows.outputs(); row++) {
            vertical(row, line, sums);
            for (int i = 0; i < sums.length; i++) {
                line[i] = BicubicResampler.pixel(sums[i]);
            }
            horizontal(line, output);
            sink.accept(row, output);
        }
    }

    private void vertical(int row, byte[] line, int[] sums) {
        Arrays.fill(sums, AxisWeights.HALF);
        int first = rows.first()[row];
        for (int k = 0; k < rows.count()[row]; k++) {
            decoded.row(first + k, line);
            int weight = rows.weights()[row * rows.widest() + k];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += (line[i] & 0xFF) * weight;
            }
        }
    }

    private void horizontal(byte[] line, byte[] output) {
        for (int x = 0; x < columns.outputs(); x++) {
            for (int channel = 0; channel < 3; channel++) {
                int sum = AxisWeights.HALF;
                for (int k = 0; k < columns.count()[x]; k++) {
                    int level = line[3 * (columns.first()[x] + k) + channel] & 0xFF;
                    sum += level * columns.weights()[x * columns.widest() + k];
                }
                output[3 * x + channel] = BicubicResampler.pixel(sum);
            }
        }
    }
}
