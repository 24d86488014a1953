package org.llavacluster.gateway.placement;

import com.google.protobuf.ByteString;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.node.membership.Member;
import org.llavacluster.proto.cluster.v1.ImageReference;

/** Where one image is encoded and projected, and how its tensors are named. */
public record ImageRoute(
        StoredImage image,
        ByteString featureKey,
        ByteString embeddingKey,
        String visionRevision,
        String projectorRevision,
        Member vision,
        Member projector) {

    /** What the decoder is told. */
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
