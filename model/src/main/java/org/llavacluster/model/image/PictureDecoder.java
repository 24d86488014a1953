package org.llavacluster.model.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.llavacluster.text.image.ImageFormatException;
import org.llavacluster.text.image.ImageFormatException.Kind;
import org.llavacluster.text.image.ImageHeader;
import org.llavacluster.text.image.ImageHeader.Format;
import org.llavacluster.text.image.ImageLimits;
import org.llavacluster.text.image.Preprocess;
import org.w3c.dom.Element;

/**
 * Decodes pictures through ImageIO and TwelveMonkeys. Sizes are checked before a decoder sees the file, and whatever a decoder
 * throws becomes an {@link ImageFormatException}: without its message or cause, since those may quote the file.
 */
final class PictureDecoder {

    /** Encoders use about ten. Each scan may visit all pixels, so a file of thousands would take minutes. */
    private static final int MAX_JPEG_SCANS = 100;

    private final Preprocess preprocess;
    private final ImageLimits limits;

    PictureDecoder(Preprocess preprocess, ImageLimits limits) {
        this.preprocess = preprocess;
        this.limits = limits;
    }

    Picture decode(byte[] encoded) {
        if (limits.checkBytes(encoded.length).isPresent()) {
            throw new ImageFormatException(Kind.TOO_LARGE);
        }
        ImageHeader header = ImageHeader.read(ByteBuffer.wrap(encoded));
        if (limits.check(header).isPresent()) {
            throw new ImageFormatException(Kind.TOO_LARGE);
        }
        try {
            return PictureComposer.compose(rows(header, encoded), header, preprocess);
        } catch (EOFException _) {
            throw new ImageFormatException(Kind.TRUNCATED);
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError _) {
            throw new ImageFormatException(Kind.CORRUPT);
        } catch (OutOfMemoryError _) {
            // One allocation of a decoder that did not fit; it has been given up with the picture.
            throw new ImageFormatException(Kind.TOO_LARGE);
        }
    }

    private PixelRows rows(ImageHeader header, byte[] encoded) throws IOException {
        byte[] input = header.format() == Format.WEBP ? WebpStructure.checked(encoded, header) : encoded;
        ImageReader reader = ImageReaders.create(header.format());
        try (ImageInputStream stream = new ByteArrayImageInputStream(input)) {
            reader.setInput(stream, true, true);
            return switch (header.format()) {
                case JPEG -> jpeg(reader, header, encoded);
                case GIF -> gif(reader, header);
                case PNG -> {
                    BufferedImage image = whole(reader, header);
                    boolean cutOff = preprocess == Preprocess.REFERENCE && isDeepGrey(encoded);
                    yield PixelRows.of(
                            image.getRaster(),
                            cutOff ? SampleColours.cutOffGrey() : SampleColours.of(image.getColorModel()));
                }
                case BMP, WEBP -> {
                    BufferedImage image = whole(reader, header);
                    yield PixelRows.of(image.getRaster(), SampleColours.of(image.getColorModel()));
                }
            };
        } finally {
            reader.dispose();
        }
    }

    private static BufferedImage whole(ImageReader reader, ImageHeader header) throws IOException {
        BufferedImage image = reader.read(0);
        requireSize(image.getRaster(), header);
        return image;
    }

    /** Depth 16 and colour type 0 in the header chunk, which has been checked. */
    private static boolean isDeepGrey(byte[] png) {
        return png[24] == 16 && png[25] == 0;
    }

    private static PixelRows jpeg(ImageReader reader, ImageHeader header, byte[] encoded) throws IOException {
        JpegStructure structure = JpegStructure.of(encoded);
        if (!structure.complete()) {
            throw new ImageFormatException(Kind.TRUNCATED);
        }
        if (structure.scans() > MAX_JPEG_SCANS) {
            throw new ImageFormatException(Kind.UNSUPPORTED);
        }
        SampleColours colours = JpegColours.of(structure);
        Raster raster = reader.readRaster(0, null);
        requireSize(raster, header);
        return PixelRows.of(raster, colours);
    }

    /** The first frame where it lies on the screen. What it leaves free has the transparent colour, or the palette's first. */
    private static PixelRows gif(ImageReader reader, ImageHeader header) throws IOException {
        BufferedImage image = reader.read(0);
        Element root = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
        Element frame = (Element) root.getElementsByTagName("ImageDescriptor").item(0);
        int left = Integer.parseInt(frame.getAttribute("imageLeftPosition"));
        int top = Integer.parseInt(frame.getAttribute("imageTopPosition"));
        if (left + image.getWidth() > header.width() || top + image.getHeight() > header.height()) {
            throw new ImageFormatException(Kind.CORRUPT);
        }
        PixelRows rows = PixelRows.of(image.getRaster(), SampleColours.of(image.getColorModel()));
        return rows.placed(left, top, image.getWidth(), image.getHeight(), background(image.getColorModel()));
    }

    private static int background(ColorModel model) {
        return model instanceof IndexColorModel palette
                ? palette.getRGB(Math.max(0, palette.getTransparentPixel()))
                : -1;
    }

    /** A decoder that finds another size than the header says would shift every row. */
    private static void requireSize(Raster raster, ImageHeader header) {
        if (raster.getWidth() != header.width() || raster.getHeight() != header.height()) {
            throw new ImageFormatException(Kind.CORRUPT);
        }
    }
}
