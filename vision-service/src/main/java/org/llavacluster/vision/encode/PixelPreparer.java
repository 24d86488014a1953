package org.llavacluster.vision.encode;

import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.image.DecodedImage;
import org.llavacluster.model.image.ImagePreprocessor;
import org.llavacluster.modelio.config.VisionConfig;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** Turns the file of an image into pixel values. Thread-safe. */
public final class PixelPreparer {

    private final ImagePreprocessor preprocessor;
    private final VisionConfig config;
    private final Backend backend;

    public PixelPreparer(ImagePreprocessor preprocessor, VisionConfig config, Backend backend) {
        this.preprocessor = preprocessor;
        this.config = config;
        this.backend = backend;
    }

    /**
     * Decodes the file.
     *
     * @throws FailureException if the image cannot be read or its size is not the announced one
     */
    DecodedImage decode(EncodeJob job) {
        DecodedImage decoded = read(job.file());
        if (decoded.width() != job.width() || decoded.height() != job.height()) {
            throw new FailureException(new Failure.Invalid(
                    "image.width",
                    "image.width x image.height is " + job.width() + " x " + job.height() + ", but the image has "
                            + decoded.width() + " x " + decoded.height()));
        }
        return decoded;
    }

    /** Makes the values of the tiles. */
    PreparedImage preprocess(EncodeJob job, DecodedImage decoded) {
        // Written once, to where the engine reads it.
        HostTensor pixels = backend.allocate(
                DType.F32, job.layout().tiles(), config.channels(), config.imageSize(), config.imageSize());
        try {
            preprocessor.write(decoded, job.layout(), pixels.bytes());
            return new PreparedImage(job, pixels);
        } catch (RuntimeException e) {
            pixels.close();
            throw e;
        }
    }

    private DecodedImage read(byte[] file) {
        try {
            return preprocessor.read(file);
        } catch (ImageFormatException e) {
            throw new FailureException(new Failure.Invalid("image", e.getMessage()), e);
        } catch (StackOverflowError e) {
            // A crafted file overflowed the decoder's stack. This thread has unwound, and the process is sound.
            throw new FailureException(new Failure.Invalid("image", ImageFormatException.Kind.CORRUPT.text()), e);
        }
    }
}
