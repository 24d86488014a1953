package org.llavacluster.decoder.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.llavacluster.decoder.kv.BlockContent;
import org.llavacluster.decoder.kv.OpaqueKey;
import org.llavacluster.model.decoder.RowRun;

/**
 * A prompt as rows of the decoder's input: one row per token id, and for each image as many rows as its embeddings
 * have.
 */
public final class PromptRows {

    private final List<Segment> segments;
    private final int[] starts; // [segments] first row of each
    private final int rows;
    private final List<Integer> images; // segment of each image, in order

    public PromptRows(List<Segment> segments) {
        this.segments = List.copyOf(segments);
        this.starts = new int[segments.size()];
        this.images = new ArrayList<>();
        int row = 0;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = row;
            row = Math.addExact(row, segments.get(i).rows());
            if (segments.get(i) instanceof Segment.Image) {
                images.add(i);
            }
        }
        this.rows = row;
    }

    /** A part of a prompt; never empty. */
    public sealed interface Segment {
        int rows();

        record Tokens(int[] ids) implements Segment {
            public Tokens {
                if (ids.length == 0) {
                    throw new IllegalArgumentException("a segment of no tokens");
                }
            }

            @Override
            public int rows() {
                return ids.length;
            }
        }

        record Image(OpaqueKey key, int rows) implements Segment {
            public Image {
                if (rows < 1) {
                    throw new IllegalArgumentException("an image of " + rows + " rows");
                }
            }
        }
    }

    public int rows() {
        return rows;
    }

    public int images() {
        return images.size();
    }

    public Segment.Image image(int image) {
        return (Segment.Image) segments.get(images.get(image));
    }

    /** The row where an image begins. */
    public int firstRow(int image) {
        return starts[images.get(image)];
    }

    /** The row after the image's last. */
    public int endRow(int image) {
        int segment = images.get(image);
        return starts[segment] + segments.get(segment).rows();
    }

    /** Adds the rows {@code [from, to)} to {@code runs}. */
    void addRuns(int from, int to, List<RowRun> runs) {
        int image = -1;
        for (int i = 0; i < segments.size() && starts[i] < to; i++) {
            Segment segment = segments.get(i);
            image += segment instanceof Segment.Image ? 1 : 0;
            int first = Math.max(from, starts[i]) - starts[i];
            int last = Math.min(to, starts[i] + segment.rows()) - starts[i];
            if (first < last) {
                runs.add(
                        switch (segment) {
                            case Segment.Tokens tokens -> new RowRun.Ids(Arrays.copyOfRange(tokens.ids(), first, last));
                            case Segment.Image _ -> new RowRun.Image(image, first, last - first);
                        });
            }
        }
    }

    /** Writes the contents of rows {@code [from, from + count)} in the form of {@link BlockContent}. */
    void writeCells(int from, int count, int[] cells, List<OpaqueKey> keys) {
        for (int i = 0; i < segments.size() && starts[i] < from + count; i++) {
            int first = Math.max(from, starts[i]);
            int last = Math.min(from + count, starts[i] + segments.get(i).rows());
            if (first >= last) {
                continue;
            }
            switch (segments.get(i)) {
                case Segment.Tokens tokens ->
                    System.arraycopy(tokens.ids(), first - starts[i], cells, first - from, last - first);
                case Segment.Image image -> {
                    keys.add(image.key());
                    for (int row = first; row < last; row++) {
                        cells[row - from] = BlockContent.imageCell(row - starts[i]);
                    }
                }
            }
        }
    }
}
