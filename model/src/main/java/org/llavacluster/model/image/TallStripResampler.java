package org.llavacluster.model.image;

import java.util.Arrays;
import org.llavacluster.model.image.BicubicResampler.RowSink;
import org.llavacluster.model.image.BicubicResampler.Window;

/**
 * Pillow's bicubic resize of images more than a hundred times as tall as wide, where it shrinks their height: Pillow 12 makes the
 * vertical pass first, rounded to 8 bits, then the horizontal one ({@code PIL.Image.Image.resize}). The order changes pixels.
 */
final class TallStripResampler {

    private static final int TALL = 100;

    private final Picture picture;
    private final AxisWeights columns;
    private final AxisWeights rows;

    private TallStripResampler(Picture picture, AxisWeights columns, AxisWeights rows) {
        this.picture = picture;
        this.columns = columns;
        this.rows = rows;
    }

    /** Whether Pillow swaps the passes. */
    static boolean takes(PixelSource source, int resizedHeight) {
        return source.height() > (long) TALL * source.width() && resizedHeight < source.height();
    }

    static void resize(Picture picture, int width, int height, Window window, RowSink sink) {
        AxisWeights columns = AxisWeights.of(picture.width(), width, window.left(), window.width());
        AxisWeights rows = AxisWeights.of(picture.height(), height, window.top(), window.height());
        new TallStripResampler(picture, columns, rows).run(sink);
    }

    private void run(RowSink sink) {
        int[] sums = new int[3 * picture.width()];
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
            picture.row(first + k, line);
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
