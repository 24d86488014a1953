package org.llavacluster.vision.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.EncodeImage;

/**
 * Holds the limits {@code FixedLimits.IMAGE_BYTES}, {@code FixedLimits.IMAGE_PIXELS} and {@code
 * FixedLimits.IMAGE_SIDE}.
 */
class AnnouncedImageTest {

    private static final ImageLayouts LAYOUTS =
            new ImageLayouts(Fixture.open("llava-1.6-tiny").config());

    private static final ImageLimits LIMITS = new ImageLimits(5_000, 1_000_000, 65_535);

    private static EncodeImage.Builder header() {
        return EncodeImage.newBuilder()
                .setFeatureKey(ByteString.copyFrom(new byte[32]))
                .setImageId(ByteString.copyFrom(new byte[32]))
                .setTotalBytes(1_000)
                .setWidth(640)
                .setHeight(480);
    }

    @Test
    void shouldKnowTilesAndMemoryBeforeAnyByteOfTheFile() {
        AnnouncedImage image = AnnouncedImage.of(header().build(), "", "", LAYOUTS, LIMITS);
        assertThat(image.layout().tiles()).isEqualTo(7);
        assertThat(image.workingBytes(50, 100)).isEqualTo(1_000 + 8 * 50 + 7 * 100);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused(h -> h.setFeatureKey(ByteString.EMPTY), "image.feature_key must have 32 bytes, not 0"),
                refused(
                        h -> h.setImageId(ByteString.copyFrom(new byte[33])),
                        "image.image_id must have 32 bytes, not 33"),
                refused(h -> h.setTotalBytes(0), "image.total_bytes must be 1 to 5000, not 0"),
                refused(h -> h.setTotalBytes(-5), "image.total_bytes must be 1 to 5000, not -5"),
                refused(
                        h -> h.setTotalBytes(Long.MAX_VALUE),
                        "image.total_bytes must be 1 to 5000, not 9223372036854775807"),
                refused(h -> h.setWidth(0), "image.width must be 1 to 65535, not 0"),
                refused(h -> h.setHeight(65_536), "image.height must be 1 to 65535, not 65536"),
                refused(
                        h -> h.setWidth(65_535).setHeight(65_535),
                        "image.width x height must be 1 to 1000000, not 4294836225"));
    }

    private static Arguments refused(UnaryOperator<EncodeImage.Builder> change, String message) {
        return Arguments.of(change, message);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void shouldNameFieldLimitAndValue(UnaryOperator<EncodeImage.Builder> change, String message) {
        EncodeImage header = change.apply(header()).build();
        assertThatThrownBy(() -> AnnouncedImage.of(header, "", "", LAYOUTS, LIMITS))
                .isInstanceOf(FailureException.class)
                .hasMessage(message);
    }

    @Test
    void shouldTakeImagesUpToEachLimitAndNoLarger() {
        for (long bytes : new long[] {LIMITS.maxBytes() - 1, LIMITS.maxBytes()}) {
            assertTaken(header().setTotalBytes(bytes));
        }
        assertLimited(header().setTotalBytes(LIMITS.maxBytes() + 1), "image.total_bytes");
        for (int side : new int[] {LIMITS.maxSide() - 1, LIMITS.maxSide()}) {
            assertTaken(header().setWidth(side).setHeight(15));
            assertTaken(header().setWidth(15).setHeight(side));
        }
        assertLimited(header().setWidth(LIMITS.maxSide() + 1).setHeight(15), "image.width");
        assertLimited(header().setWidth(15).setHeight(LIMITS.maxSide() + 1), "image.height");
        assertTaken(header().setWidth(999).setHeight(1001));
        assertTaken(header().setWidth(1000).setHeight(1000));
        assertLimited(header().setWidth(101).setHeight(9901), "image.width x height");
    }

    private static void assertTaken(EncodeImage.Builder header) {
        assertThat(AnnouncedImage.of(header.build(), "", "", LAYOUTS, LIMITS).totalBytes())
                .isEqualTo((int) header.getTotalBytes());
    }

    private static void assertLimited(EncodeImage.Builder header, String field) {
        assertThatThrownBy(() -> AnnouncedImage.of(header.build(), "", "", LAYOUTS, LIMITS))
                .isInstanceOf(FailureException.class)
                .hasMessageStartingWith(field + " must be 1 to ");
    }
}
