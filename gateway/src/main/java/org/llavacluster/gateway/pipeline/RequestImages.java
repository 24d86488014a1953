package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.gateway.dispatch.DispatchedImage;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.gateway.placement.TensorKeys;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;

/**
 * The images of one request and the names of their tensors. An image that occurs twice in the prompt is one image to
 * workers and scheduler.
 */
final class RequestImages {

    private record Named(ValidRequest.Image image, DispatchedImage dispatched, ByteString embeddingKey) {}

    private final String visionRevision;
    private final String projectorRevision;

    /** In the order of the prompt. */
    private final List<Named> inPrompt = new ArrayList<>();

    private final Map<ContentDigest, Named> distinct = new LinkedHashMap<>();

    private RequestImages(String visionRevision, String projectorRevision) {
        this.visionRevision = visionRevision;
        this.projectorRevision = projectorRevision;
    }

    static RequestImages none() {
        return new RequestImages("", "");
    }

    /**
     * @param together the workers for whose revisions the names hold
     * @param scope whose turns at vision nodes the images take
     */
    static RequestImages of(
            List<ValidRequest.Image> images, Serving.Ready together, TensorKeys keys, RequestScope scope) {
        RequestImages named = new RequestImages(
                together.vision().getRevision(), together.projector().getRevision());
        int rowsPerTile = together.vision().getVision().getRowsPerTile();
        for (ValidRequest.Image image : images) {
            StoredImage stored = image.stored();
            ByteString featureKey = keys.featureKey(stored.id(), together.vision());
            ContentDigest digest = ContentDigest.of(featureKey.toByteArray());
            ImageSpec spec = new ImageSpec(digest, stored.tiles(rowsPerTile), stored.rows());
            Named one = new Named(
                    image,
                    new DispatchedImage(
                            spec,
                            featureKey,
                            stored,
                            named.visionRevision,
                            scope.owner().peer(),
                            scope.requestId(),
                            CallTrace.format(scope.trace().context())),
                    keys.embeddingKey(featureKey, together.projector()));
            Named same = named.distinct.putIfAbsent(digest, one);
            named.inPrompt.add(same == null ? one : same);
        }
        return named;
    }

    List<DispatchedImage> dispatched() {
        return distinct.values().stream().map(Named::dispatched).toList();
    }

    List<ImageSpec> specs() {
        return dispatched().stream().map(DispatchedImage::spec).toList();
    }

    /** Its place in the caller's request, for errors. */
    String field(ContentDigest featureKey) {
        return distinct.get(featureKey).image().field();
    }

    /**
     * The reference that a decoder gets.
     *
     * @param index of the image in the prompt
     * @param sources of all images
     */
    ImageReference reference(int index, List<ClusterAction.Source> sources) {
        Named image = inPrompt.get(index);
        ClusterAction.Source source = sources.stream()
                .filter(one -> one.featureKey().equals(image.dispatched().spec().featureKey()))
                .findFirst()
                .orElseThrow();
        return ImageReference.newBuilder()
                .setEmbeddingKey(image.embeddingKey())
                .setFeatureKey(image.dispatched().featureKey())
                .setRows(image.image().stored().rows())
                .setWidth(image.image().stored().width())
                .setHeight(image.image().stored().height())
                .setVisionRevision(visionRevision)
                .setProjectorRevision(projectorRevision)
                .setVisionNode(source.vision())
                .setProjectorNode(source.projector())
                .build();
    }

    /** What a decoder is told that has the reference already. */
    Source source(ClusterAction.Source source) {
        return Source.newBuilder()
                .setEmbeddingKey(distinct.get(source.featureKey()).embeddingKey())
                .setVisionNode(source.vision())
                .setProjectorNode(source.projector())
                .build();
    }

    /** The image whose embeddings a decoder misses. */
    ContentDigest missed(ByteString embeddingKey) {
        return distinct.entrySet().stream()
                .filter(image -> image.getValue().embeddingKey().equals(embeddingKey))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new WorkerFaultException("a decoder misses an image that is not in its prompt"));
    }
}
