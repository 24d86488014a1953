package org.llavacluster.gateway.placement;

import com.google.protobuf.ByteString;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.Source;

/** The nodes that encode and project one image, and the names of its tensors. */
public record ImageRoute(
        StoredImage image,
        ByteString featureKey,
        ByteString embeddingKey,
        String visionRevision,
        String projectorRevision,
        Worker vision,
        Worker projector) {

    /** The same with another projector, which pulls the features from the same vision node. */
    public ImageRoute with(Worker other) {
        return new ImageRoute(image, featureKey, embeddingKey, visionRevision, projectorRevision, vision, other);
    }

    /** What a decoder is told that has the reference already. */
    public Source source() {
        return Source.newBuilder()
                .setEmbeddingKey(embeddingKey)
                .setVisionNode(vision.id())
                .setProjectorNode(projector.id())
                .build();
    }

    /** The reference that the decoder gets. */
    public ImageReference reference() {
        return ImageReference.newBuilder()
                .setEmbeddingKey(embeddingKey)
                .setFeatureKey(featureKey)
                .setRows(image.rows())
                .setWidth(image.width())
                .setHeight(image.height())
                .setVisionRevision(visionRevision)
                .setProjectorRevision(projectorRevision)
                .setVisionNode(vision.id())
                .setProjectorNode(projector.id())
                .build();
    }
}
