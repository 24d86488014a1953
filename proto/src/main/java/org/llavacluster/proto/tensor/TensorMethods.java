package org.llavacluster.proto.tensor;

import io.grpc.MethodDescriptor;
import org.llavacluster.proto.cluster.v1.ProjectorGrpc;
import org.llavacluster.proto.cluster.v1.PullEmbeddingsRequest;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.cluster.v1.VisionGrpc;

/**
 * The methods that answer with a tensor, with {@link TensorFrame} instead of the generated message, for client and
 * server.
 */
public final class TensorMethods {

    public static final MethodDescriptor<PullFeaturesRequest, TensorFrame> PULL_FEATURES =
            framed(VisionGrpc.getPullFeaturesMethod());

    public static final MethodDescriptor<PullEmbeddingsRequest, TensorFrame> PULL_EMBEDDINGS =
            framed(ProjectorGrpc.getPullEmbeddingsMethod());

    private TensorMethods() {}

    private static <R> MethodDescriptor<R, TensorFrame> framed(MethodDescriptor<R, ?> generated) {
        return generated.toBuilder(generated.getRequestMarshaller(), TensorMarshaller.INSTANCE)
                .build();
    }
}
