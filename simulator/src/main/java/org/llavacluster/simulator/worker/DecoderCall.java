package org.llavacluster.simulator.worker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.scheduling.RequestSpec;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.simulator.history.ClientRequest;

/** A call to a modelled decoder: what it was given, and how far it is. */
public final class DecoderCall {

    final RequestSpec spec;
    final ClientRequest.Content content;
    final int attempt;
    final Map<ContentDigest, Long> images = new HashMap<>(); // that are there, by FeatureKey
    final Map<ContentDigest, Integer> fetches = new HashMap<>(); // newest fetch of each
    int produced;
    int cached;
    boolean admitted;
    boolean prefilling;
    boolean streaming;

    public DecoderCall(RequestSpec spec, ClientRequest.Content content, int attempt, int produced) {
        this.spec = spec;
        this.content = content;
        this.attempt = attempt;
        this.produced = produced;
    }

    /** Tokens of the whole answer. */
    int whole() {
        return Math.min(content.answerTokens(), spec.maxTokens());
    }

    boolean hasImages() {
        return images.size() == spec.images().size();
    }

    /** Of what it was given, which may not be what it should have been. */
    long nextToken() {
        List<Long> given = spec.images().stream()
                .map(ImageSpec::featureKey)
                .map(images::get)
                .toList();
        return ClientRequest.Content.token(content.prompt(), given, produced);
    }

    long kvTokens() {
        return (long) spec.promptTokens() + spec.maxTokens();
    }
}
