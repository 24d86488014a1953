package org.llavacluster.cli.chat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageHeader;

/** Recognises image files by their first bytes. */
final class ImageFiles {

    /** Enough for the header of nearly every image. An image with a longer header is recognised by its signature. */
    private static final int HEAD_BYTES = 256 << 10;

    private ImageFiles() {}

    /** Whether it is a file that starts like an image of a supported format. */
    static boolean isImage(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            ImageHeader.read(ByteBuffer.wrap(in.readNBytes(HEAD_BYTES)));
            return true;
        } catch (ImageFormatException e) {
            return e.kind() == ImageFormatException.Kind.TRUNCATED;
        } catch (IOException e) {
            return false;
        }
    }

    /** The name of its format; empty if the first bytes do not show it. */
    static Optional<String> format(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(ImageHeader.read(ByteBuffer.wrap(in.readNBytes(HEAD_BYTES)))
                    .format()
                    .name()
                    .toUpperCase(Locale.ROOT));
        } catch (ImageFormatException | IOException e) {
            return Optional.empty();
        }
    }
}
