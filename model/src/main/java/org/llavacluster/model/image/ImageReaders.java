package org.llavacluster.model.image;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import org.llavacluster.modelio.image.ImageHeader.Format;

/**
 * One ImageIO reader per format, independent of the class path. The readers of TwelveMonkeys and libwebp are created
 * without ImageIO's registry, because it finds plug-ins by the calling thread's class loader, which in a server may not
 * see them.
 */
final class ImageReaders {

    private static final ImageReaderSpi JPEG = jpeg();
    private static final ImageReaderSpi WEBP = new WebPImageReaderSpi();

    private ImageReaders() {}

    /** A new reader, to be disposed of by the caller. */
    static ImageReader create(Format format) throws IOException {
        return switch (format) {
            case JPEG -> JPEG.createReaderInstance();
            case WEBP -> WEBP.createReaderInstance();
            case PNG, GIF, BMP ->
                ImageIO.getImageReadersByFormatName(format.name()).next();
        };
    }

    /** On registration it looks up the JDK's reader, which does the decoding. */
    private static ImageReaderSpi jpeg() {
        JPEGImageReaderSpi spi = new JPEGImageReaderSpi();
        spi.onRegistration(IIORegistry.getDefaultInstance(), ImageReaderSpi.class);
        return spi;
    }
}
