package org.llavacluster.vision.upload;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.llavacluster.modelio.config.VisionConfig;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.tensor.PendingTensor;
import org.llavacluster.node.tensor.TensorCache;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.vision.encode.EncodeJob;
import org.llavacluster.vision.encode.ImageEncoder;
import org.llavacluster.worker.model.WireFormat;
import org.llavacluster.worker.serve.WireTensors;

/**
 * Receives the images of all calls: checks them, bounds their total memory, and has each encoded once for all calls
 * that need it.
 *
 * @param revision revision of the weights that this node serves
 */
public record EncodeIntake(
        VisionConfig vision,
        ImageLayouts layouts,
        ImageLimits limits,
        String revision,
        WireFormat wire,
        UploadBudget uploads,
        MemoryBudget memory,
        TensorCache<ByteString> features,
        ImageEncoder encoder) {

    /**
     * @param address address of the caller
     * @param connection the caller's connection
     * @throws FailureException if the image is refused before its first byte
     */
    AnnouncedImage announced(EncodeImage header, String address, String connection) {
        AnnouncedImage image = AnnouncedImage.of(header, address, connection, layouts, limits);
        if (!header.getVisionRevision().equals(revision)) {
            throw new FailureException(
                    new Failure.Precondition("image.vision_revision differs from that of this node"));
        }
        return image;
    }

    /**
     * Whether the file is needed. Otherwise the features are cached or being computed, and the image waits for them.
     */
    boolean needsFile(ImageWaiter image) {
        // Not find alone, which would count a miss for each image; encode counts it as well.
        if (features.contains(image.image().key())) {
            features.find(image.image().key(), image);
            return image.isAbsent();
        }
        return true;
    }

    /**
     * Reserves the memory for decoding a complete file.
     *
     * @param drawnPixels pixels that the decoder must compute
     */
    MemoryBudget.Reservation reserve(
            AnnouncedImage image, long drawnPixels, Consumer<MemoryBudget.Reservation> granted) {
        long tileBytes = (long) vision.channels() * vision.imageSize() * vision.imageSize() * Float.BYTES;
        return memory.reserve(image.requester(), image.workingBytes(drawnPixels, tileBytes), granted);
    }

    /**
     * Number of pixels that a decoder must compute for the file.
     *
     * @throws FailureException if the file is not an image or exceeds the limits
     */
    long drawnPixels(byte[] file) {
        try {
            ImageHeader header = ImageHeader.read(ByteBuffer.wrap(file));
            limits.check(header).ifPresent(excess -> {
                throw new FailureException(new Failure.Invalid("image", excess.message()));
            });
            return header.drawnPixels(ByteBuffer.wrap(file));
        } catch (ImageFormatException e) {
            throw new FailureException(new Failure.Invalid("image", e.getMessage()), e);
        }
    }

    /**
     * Has the image encoded, unless its features are cached or being computed.
     *
     * @param awaited receives the outcome
     * @param held released when the work ends
     */
    void encode(ImageWaiter awaited, byte[] file, long drawnPixels, MemoryBudget.Reservation held) {
        AnnouncedImage image = awaited.image();
        long bytes = WireTensors.bytes(rows(image), vision.features(), wire);
        Optional<PendingTensor> pending = features.findOrBegin(image.key(), bytes, awaited);
        if (pending.isEmpty()) {
            held.close();
            return;
        }
        encoder.submit(new EncodeJob(
                image.requester(),
                image.key(),
                file,
                drawnPixels,
                image.width(),
                image.height(),
                image.layout(),
                image.trace(),
                pending.get(),
                held::close));
    }

    /** Rows of the features. */
    int rows(AnnouncedImage image) {
        return image.layout().tiles() * vision.rowsPerTile();
    }
}
