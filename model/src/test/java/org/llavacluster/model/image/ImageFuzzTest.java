package org.llavacluster.model.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.llavacluster.fuzz.ByteMutator;
import org.llavacluster.fuzz.FuzzBounds;
import org.llavacluster.fuzz.FuzzRun;
import org.llavacluster.fuzz.PieceFormat;
import org.llavacluster.fuzz.PieceMutator;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.modelio.image.Preprocess;

/** Image files that nobody meant: each is decoded or refused as an image, within the time and memory of its pixels. */
@Tag("fuzz")
class ImageFuzzTest {

    /** One million pixels: what an input may cost is bounded by them. */
    private static final ImageLimits LIMITS = new ImageLimits(1 << 20, 1 << 20, 65_535);

    /** Decoding takes up to 12 bytes for each pixel, and half as much again while tables and rows are made. */
    private static final FuzzBounds BOUNDS = new FuzzBounds(Duration.ofSeconds(5), 48L << 20);

    private static final int LARGEST = 256 << 10;
    private static final List<String> WORDS = List.of(
            "Exif\0\0",
            "MM\0*",
            "II*\0",
            "ICC_PROFILE\0",
            "Adobe\0",
            "JFIF\0",
            "VP8 ",
            "VP8L",
            "VP8X",
            "ALPH",
            "ANIM",
            "ANMF",
            "EXIF",
            "IHDR",
            "PLTE",
            "tRNS",
            "IDAT",
            "IEND",
            "eXIf",
            "iCCP",
            "acTL",
            "fcTL",
            "GIF89a",
            "NETSCAPE2.0",
            "BM",
            "RIFF",
            "WEBP");

    private final List<byte[]> all = files("");
    private final ByteMutator bytes = new ByteMutator(all, WORDS, LARGEST);
    private final PieceMutator png = pieces(PieceFormat.PNG, "png");
    private final PieceMutator jpeg = pieces(PieceFormat.JPEG, "jpg");
    private final PieceMutator webp = pieces(PieceFormat.WEBP, "webp");

    @Test
    void shouldDecodeOrRefuseAnyFile() {
        new FuzzRun("image", 1500, BOUNDS).check(this::file, ImageFuzzTest::decode);
    }

    private byte[] file(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> png.next(random);
            case 1 -> jpeg.next(random);
            case 2 -> webp.next(random);
            default -> bytes.next(random);
        };
    }

    private static void decode(byte[] file) {
        try {
            ImageHeader header = ImageHeader.read(ByteBuffer.wrap(file));
            for (Preprocess preprocess : Preprocess.values()) {
                DecodedImage image = new ImageDecoder(preprocess, LIMITS).decode(file);
                assertThat(image.width()).isEqualTo(header.widthAsSeen(preprocess));
                assertThat(image.height()).isEqualTo(header.heightAsSeen(preprocess));
                byte[] row = new byte[3 * image.width()];
                for (int y = 0; y < image.height(); y++) {
                    image.row(y, row);
                }
            }
        } catch (ImageFormatException e) {
            assertThat(e).hasMessageStartingWith("the image ").hasNoCause();
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    private PieceMutator pieces(PieceFormat format, String ending) {
        return new PieceMutator(format, files(ending), bytes);
    }

    private static List<byte[]> files(String ending) {
        List<byte[]> files = new ArrayList<>();
        for (String name : FixtureImages.names()) {
            byte[] file = FixtureImages.made(name);
            if (name.endsWith(ending) && file.length <= LARGEST / 4) {
                files.add(file);
            }
        }
        for (String name : List.of(
                "exif-6.png", "rotated-exif6.jpg", "scene.webp", "palette.png", "transparent.png", "grey.png")) {
            if (name.endsWith(ending)) {
                files.add(FixtureImages.fixture(name));
            }
        }
        assertThat(files).isNotEmpty();
        return files;
    }
}
