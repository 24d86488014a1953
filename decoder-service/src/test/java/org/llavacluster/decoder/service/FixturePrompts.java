package org.llavacluster.decoder.service;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.fixture.GoldenCase;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.SamplingSpec;
import org.llavacluster.proto.cluster.v1.Segment;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.cluster.v1.TokenIds;

/** The cases of a fixture as requests. */
final class FixturePrompts {

    private FixturePrompts() {}

    /** The embedding key of each image. */
    static Map<String, ByteString> keys(Fixture fixture) {
        Map<String, ByteString> keys = new LinkedHashMap<>();
        for (GoldenCase golden : fixture.cases()) {
            golden.images().forEach(image -> keys.put(image, ByteString.copyFromUtf8("embeddings of " + image)));
        }
        return keys;
    }

    /** The reference's embeddings {@code [rows, hidden]}. */
    static HostTensor embeddings(Fixture fixture, String image) {
        Map<String, HostTensor> tensors = fixture.tensors();
        HostTensor merged = tensors.getOrDefault(image + "/merged", tensors.get(image + "/projected"));
        long hidden = merged.shape()[merged.shape().length - 1];
        return HostTensor.ofFloats(merged.toFloats(), merged.size() / hidden, hidden);
    }

    /** Greedy, as long as the reference's answer, ended by the model's end ids. */
    static Start.Builder start(Fixture fixture, GoldenCase golden) {
        Start.Builder start = Start.newBuilder()
                .setRequestId(golden.name())
                .setSampling(greedy())
                .setMaxTokens(golden.greedyIds().length)
                .addAllStopIds(fixture.config().decoder().endIds())
                .setTopLogprobs(-1);
        int[] ids = golden.inputIds();
        int picture = 0;
        int end;
        for (int from = 0; from < ids.length; from = end) {
            end = from;
            if (ids[from] == fixture.config().imageTokenId()) {
                String image = golden.images().get(picture++);
                int rows = Math.toIntExact(embeddings(fixture, image).shape()[0]);
                end += rows;
                start.addPrompt(
                        Segment.newBuilder().setImage(reference(keys(fixture).get(image), rows)));
            } else {
                while (end < ids.length && ids[end] != fixture.config().imageTokenId()) {
                    end++;
                }
                start.addPrompt(Segment.newBuilder()
                        .setTokens(TokenIds.newBuilder()
                                .addAllIds(Arrays.stream(ids, from, end).boxed().toList())));
            }
        }
        return start;
    }

    static ImageReference.Builder reference(ByteString key, int rows) {
        return ImageReference.newBuilder()
                .setEmbeddingKey(key)
                .setFeatureKey(ByteString.copyFromUtf8("features for ").concat(key))
                .setRows(rows)
                .setProjectorNode("projector-0")
                .setVisionNode("vision-0");
    }

    static SamplingSpec.Builder greedy() {
        return SamplingSpec.newBuilder().setTopP(1).setRepetitionPenalty(1);
    }

    /** The reference's answer without the id that ended it. */
    static List<Integer> expected(Fixture fixture, GoldenCase golden) {
        List<Integer> ids = Arrays.stream(golden.greedyIds()).boxed().toList();
        boolean ended = fixture.config().decoder().endIds().contains(ids.getLast());
        return ended ? ids.subList(0, ids.size() - 1) : ids;
    }
}
