package org.llavacluster.model.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.fixture.GoldenCase;

/**
 * The prompt of a golden case as rows of a sequence: runs of ids and of images' embeddings.
 *
 * @param images embeddings of the images by number, {@code [rows, hidden]} each
 */
public record Conversation(GoldenCase golden, List<RowRun> prompt, List<HostTensor> images) {

    /** With the reference's own embeddings, to test the decoder alone. */
    public static Conversation of(Fixture fixture, GoldenCase golden) {
        Map<String, HostTensor> tensors = fixture.tensors();
        return of(
                golden,
                fixture.config().imageTokenId(),
                golden.images().stream()
                        .map(image -> tensors.getOrDefault(image + "/merged", tensors.get(image + "/projected")))
                        .toList());
    }

    /**
     * @param embeddings embeddings of the case's images, {@code [rows, hidden]} each
     */
    public static Conversation of(GoldenCase golden, int imageId, List<HostTensor> embeddings) {
        List<RowRun> runs = new ArrayList<>();
        int[] ids = golden.inputIds();
        int nextImage = 0;
        int end;
        for (int start = 0; start < ids.length; start = end) {
            end = start;
            if (ids[start] == imageId) {
                int rows = Math.toIntExact(embeddings.get(nextImage).shape()[0]);
                end += rows;
                runs.add(new RowRun.Image(nextImage++, 0, rows));
            } else {
                while (end < ids.length && ids[end] != imageId) {
                    end++;
                }
                runs.add(new RowRun.Ids(Arrays.copyOfRange(ids, start, end)));
            }
        }
        return new Conversation(golden, runs, embeddings);
    }

    int promptRows() {
        return prompt.stream().mapToInt(RowRun::rows).sum();
    }

    /** At most {@code count} rows of the prompt from {@code start} on. */
    SequenceRows chunk(int start, int count, int[] blocks, boolean wantsLogits) {
        List<RowRun> chunk = new ArrayList<>();
        int first = 0;
        for (RowRun run : prompt) {
            int from = Math.max(start - first, 0);
            int to = Math.min(start + count - first, run.rows());
            if (from < to) {
                chunk.add(part(run, from, to));
            }
            first += run.rows();
        }
        return new SequenceRows(start, blocks, chunk, images::get, wantsLogits);
    }

    private static RowRun part(RowRun run, int from, int to) {
        return switch (run) {
            case RowRun.Ids of -> new RowRun.Ids(Arrays.copyOfRange(of.ids(), from, to));
            case RowRun.Image of -> new RowRun.Image(of.image(), of.firstRow() + from, to - from);
        };
    }
}
