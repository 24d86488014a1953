package org.llavacluster.model.image;

import java.util.Arrays;

/**
 * Pillow's bicubic resize, bit for bit: a horizontal pass whose result is rounded to 8 bits, then a vertical one. Only the part
 * of the result that is wanted is computed, and of the first pass only the rows that the current output row needs are held, so
 * memory does not grow with the picture.
 */
final class BicubicResampler {

    /** Takes the result, row by row from the top. */
    @FunctionalInterface
    interface RowSink {
        /** @param rgb {@code [columns, 3]}; overwritten after the call */
        void accept(int row, byte[] rgb);
    }

    private final PixelSource source;
    private final AxisWeights columns;
    private final AxisWeights rows;
    private final byte[] input;
    /** Rows of the first pass, input row y in slot y modulo {@code rows.widest()}; each {@code [columns, 3]}. */
    private final byte[][] ring;

    private BicubicResampler(PixelSource source, AxisWeights columns, AxisWeights rows) {
        this.source = source;
        this.columns = columns;
        this.rows = rows;
        input = new byte[3 * source.width()];
        ring = new byte[rows.widest()][3 * columns.outputs()];
    }

    /** Resizes the source to {@code width} x {@code height} and passes a window of the result to the sink. */
    static void resize(PixelSource source, int width, int height, Window window, RowSink sink) {
        AxisWeights columns = AxisWeights.of(source.width(), width, window.left(), window.width());
        AxisWeights rows = AxisWeights.of(source.height(), height, window.top(), window.height());
        new BicubicResampler(source, columns, rows).run(sink);
    }

    /** A part of the resized picture, in its pixels. */
    record Window(int left, int top, int width, int height) {}

    private void run(RowSink sink) {
        int[] sums = new int[3 * columns.outputs()];
        byte[] output = new byte[sums.length];
        int next = rows.first()[0];
        for (int row = 0; row < rows.outputs(); row++) {
            for (next = Math.max(next, rows.first()[row]); next < rows.end(row); next++) {
                source.read(next, input);
                horizontal(ring[next % ring.length]);
            }
            vertical(row, sums, output);
            sink.accept(row, output);
        }
    }

    private void horizontal(byte[] output) {
        int[] weights = columns.weights();
        for (int x = 0; x < columns.outputs(); x++) {
            int weight = x * columns.widest();
            int at = 3 * columns.first()[x];
            int end = 3 * columns.end(x);
            int red = AxisWeights.HALF;
            int green = AxisWeights.HALF;
            int blue = AxisWeights.HALF;
            for (; at < end; at += 3, weight++) {
                int w = weights[weight];
                red += (input[at] & 0xFF) * w;
                green += (input[at + 1] & 0xFF) * w;
                blue += (input[at + 2] & 0xFF) * w;
            }
            output[3 * x] = pixel(red);
            output[3 * x + 1] = pixel(green);
            output[3 * x + 2] = pixel(blue);
        }
    }

    private void vertical(int row, int[] sums, byte[] output) {
        Arrays.fill(sums, AxisWeights.HALF);
        int first = rows.first()[row];
        for (int k = 0; k < rows.count()[row]; k++) {
            byte[] line = ring[(first + k) % ring.length];
            int weight = rows.weights()[row * rows.widest() + k];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += (line[i] & 0xFF) * weight;
            }
        }
        for (int i = 0; i < sums.length; i++) {
            output[i] = pixel(sums[i]);
        }
    }

    private static byte pixel(int sum) {
        return (byte) Math.clamp(sum >> AxisWeights.PRECISION_BITS, 0, 255);
    }
}
