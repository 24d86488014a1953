package org.llavacluster.model.image;

import java.util.Arrays;

/**
 * Pillow's bicubic resize, bit for bit: a horizontal pass, rounded to 8 bits, then a vertical one. Only the required
 * part of the result is computed, and of the first pass only the rows that the current output row needs are kept, so
 * memory does not grow with the image. Images far taller than wide go through {@link TallStripResampler}.
 */
final class BicubicResampler {

    /** Receives the result, row by row from the top. */
    @FunctionalInterface
    interface RowSink {
        /** @param rgb {@code [columns, 3]}; overwritten after the call */
        void accept(int row, byte[] rgb);
    }

    /** A part of the resized image, in its pixels. */
    record Window(int left, int top, int width, int height) {}

    private final PixelSource source;
    private final AxisWeights columns;
    private final AxisWeights rows;
    /**
     * The part of each output of the first pass that does not depend on the pixels: the canvas beside them, and half a
     * unit for rounding; {@code [columns, 3]}.
     */
    private final int[] beside;
    /** The first pass of a row of bare canvas, {@code [columns, 3]}. */
    private final byte[] bare;
    /** The first pass of a row that shows the image's own canvas but none of its pixels, {@code [columns, 3]}. */
    private final byte[] backdrop;
    /** Rows of the first pass; input row y is in slot y modulo {@code rows.widest()}; each {@code [columns, 3]}. */
    private final byte[][] ring;

    private BicubicResampler(PixelSource source, AxisWeights columns, AxisWeights rows) {
        this.source = source;
        this.columns = columns;
        this.rows = rows;
        beside = besideSums(source.left(), source.right(), source.drawnLeft(), source.drawnRight());
        bare = pixels(besideSums(0, 0, 0, 0));
        backdrop = pixels(besideSums(source.left(), source.right(), 0, 0));
        ring = new byte[rows.widest()][3 * columns.outputs()];
    }

    /** Resizes the source to {@code width} x {@code height} and passes a window of the result to the sink. */
    static void resize(PixelSource source, int width, int height, Window window, RowSink sink) {
        if (TallStripResampler.takes(source, height)) {
            TallStripResampler.resize(source.decoded(), width, height, window, sink);
            return;
        }
        AxisWeights columns = AxisWeights.of(source.width(), width, window.left(), window.width());
        AxisWeights rows = AxisWeights.of(source.height(), height, window.top(), window.height());
        new BicubicResampler(source, columns, rows).run(sink);
    }

    private void run(RowSink sink) {
        int[] sums = new int[3 * columns.outputs()];
        byte[] output = new byte[sums.length];
        int next = rows.first()[0];
        for (int row = 0; row < rows.outputs(); row++) {
            for (next = Math.max(next, rows.first()[row]); next < rows.end(row); next++) {
                byte[] slot = ring[next % ring.length];
                switch (source.kind(next)) {
                    case DRAWN -> horizontal(source.drawnRow(next), slot);
                    case BACKDROP -> System.arraycopy(backdrop, 0, slot, 0, slot.length);
                    case BARE -> System.arraycopy(bare, 0, slot, 0, slot.length);
                }
            }
            vertical(row, sums);
            round(sums, output);
            sink.accept(row, output);
        }
    }

    /** @param row of the image's pixels */
    private void horizontal(int row, byte[] output) {
        byte[] rgb = source.decoded().rgb();
        int[] weights = columns.weights();
        int drawnLeft = source.drawnLeft();
        int drawnRight = source.drawnRight();
        // Where column 0 of the canvas would be if the pixels reached there.
        int origin = 3 * (row * source.decoded().drawnWidth() - drawnLeft);
        for (int x = 0; x < columns.outputs(); x++) {
            int first = columns.first()[x];
            int from = Math.max(first, drawnLeft);
            int end = origin + 3 * Math.min(columns.end(x), drawnRight);
            int weight = x * columns.widest() + from - first;
            int red = beside[3 * x];
            int green = beside[3 * x + 1];
            int blue = beside[3 * x + 2];
            for (int at = origin + 3 * from; at < end; at += 3, weight++) {
                int w = weights[weight];
                red += (rgb[at] & 0xFF) * w;
                green += (rgb[at + 1] & 0xFF) * w;
                blue += (rgb[at + 2] & 0xFF) * w;
            }
            output[3 * x] = pixel(red);
            output[3 * x + 1] = pixel(green);
            output[3 * x + 2] = pixel(blue);
        }
    }

    private void vertical(int row, int[] sums) {
        Arrays.fill(sums, AxisWeights.HALF);
        int first = rows.first()[row];
        for (int k = 0; k < rows.count()[row]; k++) {
            byte[] line = ring[(first + k) % ring.length];
            int weight = rows.weights()[row * rows.widest() + k];
            for (int i = 0; i < sums.length; i++) {
                sums[i] += (line[i] & 0xFF) * weight;
            }
        }
    }

    /**
     * Half a unit plus the weighted canvases: the image's own in columns {@code [left, right)} and the outer one beside
     * them; columns {@code [drawnLeft, drawnRight)} add nothing.
     */
    private int[] besideSums(int left, int right, int drawnLeft, int drawnRight) {
        byte[] inner = source.decoded().canvas();
        int[] sums = new int[3 * columns.outputs()];
        Arrays.fill(sums, AxisWeights.HALF);
        for (int x = 0; x < columns.outputs(); x++) {
            int innerWeight = 0;
            int outerWeight = 0;
            for (int k = 0; k < columns.count()[x]; k++) {
                int column = columns.first()[x] + k;
                int weight = columns.weights()[x * columns.widest() + k];
                if (column < left || column >= right) {
                    outerWeight += weight;
                } else if (column < drawnLeft || column >= drawnRight) {
                    innerWeight += weight;
                }
            }
            for (int channel = 0; channel < 3; channel++) {
                sums[3 * x + channel] +=
                        (source.colour()[channel] & 0xFF) * outerWeight + (inner[channel] & 0xFF) * innerWeight;
            }
        }
        return sums;
    }

    private static byte[] pixels(int[] sums) {
        byte[] pixels = new byte[sums.length];
        round(sums, pixels);
        return pixels;
    }

    private static void round(int[] sums, byte[] pixels) {
        for (int i = 0; i < sums.length; i++) {
            pixels[i] = pixel(sums[i]);
        }
    }

    static byte pixel(int sum) {
        return (byte) Math.clamp(sum >> AxisWeights.PRECISION_BITS, 0, 255);
    }
}
