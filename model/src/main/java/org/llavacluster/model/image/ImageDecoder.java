package org.llavacluster.model.image;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageFormatException.Kind;
import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.image.ImageHeader.Format;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.modelio.image.Preprocess;
import org.w3c.dom.Element;

/**
 * Decodes images through ImageIO, TwelveMonkeys and libwebp. Sizes are checked before a decoder sees the file. Any
 * exception of a decoder becomes an {@link ImageFormatException} without its message or cause, because those may quote
 * the file.
 */
final class ImageDecoder {

    /** Encoders use about ten scans. Each may visit all pixels, so a file with thousands would take minutes. */
    static final int MAX_JPEG_SCANS = 100;

    private final Preprocess preprocess;
    private final ImageLimits limits;

    ImageDecoder(Preprocess preprocess, ImageLimits limits) {
        this.preprocess = preprocess;
        this.limits = limits;
    }

    DecodedImage decode(byte[] encoded) {
        if (limits.checkBytes(encoded.length).isPresent()) {
            throw new ImageFormatException(Kind.TOO_LARGE);
        }
        ImageHeader header = ImageHeader.read(ByteBuffer.wrap(encoded));
        if (limits.check(header).isPresent()) {
            throw new ImageFormatException(Kind.TOO_LARGE);
        }
        try {
            return ImageComposer.compose(rows(header, encoded), header, preprocess);
        } catch (EOFException _) {
            throw new ImageFormatException(Kind.TRUNCATED);
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError _) {
            throw new ImageFormatException(Kind.CORRUPT);
        } catch (OutOfMemoryError _) {
            // A decoder's allocation did not fit. Its memory is freed with the image.
            throw new ImageFormatException(Kind.TOO_LARGE);
        }
    }

    private DrawnRows rows(ImageHeader header, byte[] encoded) throws IOException {
        return switch (header.format()) {
            case PNG -> png(header, encoded);
            case JPEG -> jpeg(header, encoded);
            case WEBP -> webp(header, encoded);
            case GIF -> gif(header, encoded);
            case BMP -> {
                BufferedImage image = decoded(header.format(), encoded);
                requireSize(image.getRaster(), header);
                yield DrawnRows.whole(image.getRaster(), SampleColours.of(image.getColorModel()));
            }
        };
    }

    private DrawnRows png(ImageHeader header, byte[] encoded) throws IOException {
        Optional<PngKey> key = PngKey.of(encoded);
        BufferedImage image = decoded(Format.PNG, key.map(PngKey::keyless).orElse(encoded));
        requireSize(image.getRaster(), header);
        boolean cutOff = preprocess == Preprocess.REFERENCE && isDeepGrey(encoded);
        SampleColours colours = cutOff ? SampleColours.cutOffGrey() : SampleColours.of(image.getColorModel());
        return DrawnRows.whole(
                image.getRaster(), key.map(found -> found.apply(colours)).orElse(colours));
    }

    /** Depth 16 and colour type 0 in the header chunk, which was checked before. */
    private static boolean isDeepGrey(byte[] png) {
        return png[24] == 16 && png[25] == 0;
    }

    private static DrawnRows jpeg(ImageHeader header, byte[] encoded) throws IOException {
        JpegStructure structure = JpegStructure.of(encoded);
        if (structure.ending() == JpegStructure.Ending.CUT) {
            throw new ImageFormatException(Kind.TRUNCATED);
        }
        if (structure.scans() > MAX_JPEG_SCANS) {
            throw new ImageFormatException(Kind.UNSUPPORTED);
        }
        SampleColours colours = JpegColours.of(structure);
        Raster raster = jpegSamples(structure, encoded);
        requireSize(raster, header);
        return DrawnRows.whole(raster, colours);
    }

    /** The samples before any colour conversion. libjpeg pads a truncated scan and reports it as a warning. */
    private static Raster jpegSamples(JpegStructure structure, byte[] encoded) throws IOException {
        ImageReader reader = ImageReaders.create(Format.JPEG);
        AtomicBoolean cut = new AtomicBoolean();
        try (ImageInputStream stream = new ByteArrayImageInputStream(structure.mended(encoded))) {
            reader.setInput(stream, true, true);
            reader.addIIOReadWarningListener((_, warning) -> {
                if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
                    cut.set(true);
                }
            });
            Raster raster = reader.readRaster(0, null);
            if (structure.ending() == JpegStructure.Ending.UNMARKED && cut.get()) {
                throw new ImageFormatException(Kind.TRUNCATED);
            }
            return raster;
        } finally {
            reader.dispose();
        }
    }

    /** The canvas around a frame is transparent, or black if transparency is ignored. */
    private static DrawnRows webp(ImageHeader header, byte[] encoded) throws IOException {
        WebpStructure.FirstImage first = WebpStructure.first(encoded, header);
        BufferedImage image = decoded(Format.WEBP, first.still());
        if (image.getWidth() != first.width() || image.getHeight() != first.height()) {
            throw new ImageFormatException(Kind.CORRUPT);
        }
        int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        int opaque = image.getColorModel().hasAlpha() ? 0 : SampleColours.OPAQUE;
        int width = first.width();
        PixelRows rows = (y, argb) -> {
            for (int x = 0; x < width; x++) {
                argb[x] = pixels[y * width + x] | opaque;
            }
        };
        int canvas = first.alpha() ? 0 : SampleColours.OPAQUE;
        return new DrawnRows(rows, first.left(), first.top(), width, first.height(), canvas);
    }

    /** The first frame at its place on the screen. The rest has the transparent colour, or the palette's first. */
    private static DrawnRows gif(ImageHeader header, byte[] encoded) throws IOException {
        ImageReader reader = ImageReaders.create(Format.GIF);
        try (ImageInputStream stream = new ByteArrayImageInputStream(encoded)) {
            reader.setInput(stream, true, true);
            BufferedImage image = reader.read(0);
            Element root = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0");
            Element frame =
                    (Element) root.getElementsByTagName("ImageDescriptor").item(0);
            int left = Integer.parseInt(frame.getAttribute("imageLeftPosition"));
            int top = Integer.parseInt(frame.getAttribute("imageTopPosition"));
            if (left + image.getWidth() > header.width() || top + image.getHeight() > header.height()) {
                throw new ImageFormatException(Kind.CORRUPT);
            }
            return new DrawnRows(
                    PixelRows.of(image.getRaster(), SampleColours.of(image.getColorModel())),
                    left,
                    top,
                    image.getWidth(),
                    image.getHeight(),
                    background(image.getColorModel()));
        } finally {
            reader.dispose();
        }
    }

    private static int background(ColorModel model) {
        return model instanceof IndexColorModel palette
                ? palette.getRGB(Math.max(0, palette.getTransparentPixel()))
                : -1;
    }

    private static BufferedImage decoded(Format format, byte[] file) throws IOException {
        ImageReader reader = ImageReaders.create(format);
        try (ImageInputStream stream = new ByteArrayImageInputStream(file)) {
            reader.setInput(stream, true, true);
            return reader.read(0);
        } finally {
            reader.dispose();
        }
    }

    /** A decoder that returns another size than the header's would shift every row. */
    private static void requireSize(Raster raster, ImageHeader header) {
        if (raster.getWidth() != header.width() || raster.getHeight() != header.height()) {
            throw new ImageFormatException(Kind.CORRUPT);
        }
    }
}
