package org.llavacluster.model.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.fixture.GoldenCase;

/** The prompt of a golden case as rows of a sequence: runs of ids and of images' embeddings. */
public record Conversation(GoldenCase golden, List<RowRun> prompt) {

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
                HostTensor rows = embeddings.get(nextImage++);
                end += Math.toIntExact(rows.shape()[0]);
                runs.add(new RowRun.Embeddings(rows, 0, end - start));
            } else {
                while (end < ids.length && ids[end] != imageId) {
                    end++;
                }
                runs.add(new RowRun.Ids(Arrays.copyOfRange(ids, start, end)));
            }
        }
        return new Conversation(golden, runs);
    }

    int promptRows() {
        return prompt.stream().mapToInt(RowRun::rows).sum();
    }

    /** At most {@code count} rows of the prompt from {@code start} on. */
    List<RowRun> chunk(int start, int count) {
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
        return chunk;
    }

    private static RowRun part(RowRun run, int from, int to) {
        return switch (run) {
            case RowRun.Ids of -> new RowRun.Ids(Arrays.copyOfRange(of.ids(), from, to));
            case RowRun.Embeddings of -> new RowRun.Embeddings(of.tensor(), of.firstRow() + from, to - from);
        };
    }
}
