package org.llavacluster.vision.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.api.trace.SpanContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.vision.encode.Requester;

class IncomingImageTest {

    private static final byte[] FILE = {1, 2, 3, 4, 5};

    private static IncomingImage expecting(byte[] file, int totalBytes) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
        return new IncomingImage(new AnnouncedImage(
                new Requester("", "", "", ""),
                ByteString.EMPTY,
                ByteString.copyFrom(digest),
                totalBytes,
                1,
                1,
                new ImageLayout(1, 0, 0, new int[] {0}),
                SpanContext.getInvalid()));
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }

    @Test
    void shouldPutPiecesTogether() throws NoSuchAlgorithmException {
        IncomingImage image = expecting(FILE, 5);
        image.add(bytes(1, 2));
        image.add(bytes());
        assertThat(image.complete()).isFalse();
        image.add(bytes(3, 4, 5));
        assertThat(image.complete()).isTrue();
        assertThat(image.file()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void shouldRefuseMoreThanWasAnnounced() throws NoSuchAlgorithmException {
        IncomingImage image = expecting(FILE, 5);
        image.add(bytes(1, 2, 3));
        assertThatThrownBy(() -> image.add(bytes(4, 5, 6)))
                .isInstanceOf(FailureException.class)
                .hasMessage("image.total_bytes is 5, but 6 bytes arrived");
    }

    @Test
    void shouldRefuseLessThanWasAnnounced() throws NoSuchAlgorithmException {
        IncomingImage image = expecting(FILE, 5);
        image.add(bytes(1, 2, 3));
        assertThatThrownBy(image::file)
                .isInstanceOf(FailureException.class)
                .hasMessage("image.total_bytes is 5, but 3 bytes arrived");
    }

    @Test
    void shouldRefuseAnotherFileThanTheOneAnnounced() throws NoSuchAlgorithmException {
        IncomingImage image = expecting(FILE, 5);
        image.add(bytes(1, 2, 3, 4, 6));
        assertThatThrownBy(image::file)
                .isInstanceOf(FailureException.class)
                .hasMessage("image.image_id must be the SHA-256 of the file");
    }
}
