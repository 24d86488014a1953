package org.llavacluster.gateway.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.image.ImageId;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.VisionShapes;

class TensorKeysTest {

    private static final ImageId IMAGE = ImageId.of(ByteString.copyFromUtf8("image"));
    private static final ImageId OTHER_IMAGE = ImageId.of(ByteString.copyFromUtf8("other"));

    private final TensorKeys keys = new TensorKeys(new byte[32]);

    private static Description vision(String revision, String numerics, String preprocessor) {
        return Description.newBuilder()
                .setRevision(revision)
                .setNumericsId(numerics)
                .setVision(VisionShapes.newBuilder().setPreprocessor(preprocessor))
                .build();
    }

    @Test
    void shouldNameTheSameTensorsTheSame() {
        assertThat(keys.featureKey(IMAGE, vision("r", "n", "p")))
                .isEqualTo(new TensorKeys(new byte[32]).featureKey(IMAGE, vision("r", "n", "p")))
                .hasSize(32);
    }

    @Test
    void shouldNameTensorsDifferentlyWhereAnythingDiffersThatMakesThem() {
        byte[] otherTenant = new byte[32];
        otherTenant[31] = 1;
        ByteString feature = keys.featureKey(IMAGE, vision("r", "n", "p"));
        assertThat(List.of(
                        feature,
                        keys.featureKey(OTHER_IMAGE, vision("r", "n", "p")),
                        keys.featureKey(IMAGE, vision("R", "n", "p")),
                        keys.featureKey(IMAGE, vision("r", "N", "p")),
                        keys.featureKey(IMAGE, vision("r", "n", "P")),
                        new TensorKeys(otherTenant).featureKey(IMAGE, vision("r", "n", "p")),
                        // The same letters, split differently.
                        keys.featureKey(IMAGE, vision("rn", "", "p")),
                        keys.featureKey(IMAGE, vision("", "rn", "p")),
                        keys.featureKey(IMAGE, vision("r", "", "np")),
                        keys.embeddingKey(feature, vision("r", "n", "")),
                        keys.embeddingKey(feature, vision("rn", "", "")),
                        keys.prefixSalt()))
                .doesNotHaveDuplicates();
    }
}
