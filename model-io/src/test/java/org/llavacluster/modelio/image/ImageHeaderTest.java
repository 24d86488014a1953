package org.llavacluster.modelio.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.llavacluster.modelio.image.EncodedImageParts.exif;
import static org.llavacluster.modelio.image.EncodedImageParts.fixture;
import static org.llavacluster.modelio.image.EncodedImageParts.join;
import static org.llavacluster.modelio.image.EncodedImageParts.latin1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.modelio.Fixtures;
import org.llavacluster.modelio.image.ImageFormatException.Kind;
import org.llavacluster.modelio.image.ImageHeader.Format;

final class ImageHeaderTest {

    private static final byte[] EXIF_6 = exif(ByteOrder.LITTLE_ENDIAN, 3, 1, 6);

    @Test
    void shouldAgreeWithImageIoOnEveryFixtureThatItReads() throws IOException {
        try (Stream<Path> files = Files.list(Fixtures.path("images"))) {
            List<Path> images =
                    files.filter(file -> !file.toString().endsWith(".webp")).toList();
            assertThat(images).hasSize(21);
            for (Path picture : images) {
                assertAgreesWithImageIo(Files.readAllBytes(picture));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"png, PNG", "jpg, JPEG", "gif, GIF", "bmp, BMP"})
    void shouldAgreeWithImageIoOnWhatTheJdkWrites(String name, Format format) throws IOException {
        for (int[] size : new int[][] {{1, 1}, {3, 5}, {640, 480}, {1, 1000}, {4000, 2}}) {
            byte[] encoded = EncodedImageParts.encoded(name, size[0], size[1]);
            assertThat(read(encoded)).isEqualTo(new ImageHeader(format, size[0], size[1], 1));
            assertAgreesWithImageIo(encoded);
        }
    }

    @Test
    void shouldReadTheThreeKindsOfWebp() {
        byte[] lossy = {0x30, 0, 0, (byte) 0x9D, 1, 0x2A, 0x40, 0x41, (byte) 0xF0, 0x40};
        byte[] lossless = ByteBuffer.allocate(5)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x2F)
                .putInt(319 | 239 << 14)
                .array();

        assertThat(read(fixture("scene.webp"))).isEqualTo(new ImageHeader(Format.WEBP, 320, 240, 1));
        assertThat(read(EncodedImageParts.riff(EncodedImageParts.riffChunk("VP8 ", lossy))))
                .as("two bits of scaling stand above each size")
                .isEqualTo(new ImageHeader(Format.WEBP, 320, 240, 1));
        assertThat(read(EncodedImageParts.riff(EncodedImageParts.riffChunk("VP8L", lossless))))
                .isEqualTo(new ImageHeader(Format.WEBP, 320, 240, 1));
        assertThat(read(EncodedImageParts.riff(EncodedImageParts.webpCanvas(0, 70_000, 3))))
                .isEqualTo(new ImageHeader(Format.WEBP, 70_000, 3, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldReadTheOrientationOfEveryFixture(int orientation) {
        ImageHeader header = read(fixture("exif-" + orientation + ".png"));

        assertThat(header).isEqualTo(new ImageHeader(Format.PNG, 250, 180, orientation));
        assertThat(header.displayWidth()).isEqualTo(orientation < 5 ? 250 : 180);
        assertThat(header.displayHeight()).isEqualTo(orientation < 5 ? 180 : 250);
        assertThat(header.widthAsSeen(Preprocess.NATURAL)).isEqualTo(header.displayWidth());
        assertThat(header.heightAsSeen(Preprocess.NATURAL)).isEqualTo(header.displayHeight());
        assertThat(header.widthAsSeen(Preprocess.REFERENCE)).isEqualTo(250);
        assertThat(header.heightAsSeen(Preprocess.REFERENCE)).isEqualTo(180);
    }

    @Test
    void shouldReadTheOrientationOfAJpeg() {
        assertThat(read(fixture("rotated-exif6.jpg"))).isEqualTo(new ImageHeader(Format.JPEG, 320, 240, 6));
    }

    @Test
    void shouldFindExifWhereverAFormatMayHoldIt() {
        byte[] eXIf = EncodedImageParts.pngChunk("eXIf", EXIF_6);
        byte[] pixels = EncodedImageParts.pngChunk("IDAT", new byte[40]);
        byte[] end = EncodedImageParts.pngChunk("IEND", new byte[0]);
        byte[] png = EncodedImageParts.pngHeader(4, 2);
        byte[] exifChunk = EncodedImageParts.riffChunk("EXIF", EXIF_6);
        byte[] odd = EncodedImageParts.riffChunk("VP8L", new byte[7]);
        byte[] jfif = EncodedImageParts.jpegSegment(0xE0, new byte[14]);
        byte[] xmp = EncodedImageParts.jpegSegment(0xE1, latin1("http://ns.adobe.com/xap/1.0/\0"));
        byte[] app1 = EncodedImageParts.jpegSegment(0xE1, join(latin1("Exif\0\0"), EXIF_6));

        assertThat(read(join(png, eXIf, pixels, end)).orientation()).isEqualTo(6);
        assertThat(read(join(png, pixels, eXIf, end)).orientation()).isEqualTo(6);
        assertThat(read(join(png, pixels, end, eXIf)).orientation())
                .as("what follows the end is not part of the picture")
                .isEqualTo(1);
        assertThat(read(EncodedImageParts.riff(EncodedImageParts.webpCanvas(8, 4, 2), odd, exifChunk))
                        .orientation())
                .isEqualTo(6);
        assertThat(read(EncodedImageParts.riff(EncodedImageParts.webpCanvas(0, 4, 2), odd, exifChunk))
                        .orientation())
                .as("a chunk that the flags do not announce")
                .isEqualTo(1);
        assertThat(read(EncodedImageParts.jpegHeader(4, 2, jfif, xmp, app1)).orientation())
                .isEqualTo(6);
    }

    static Stream<Arguments> exifBlocks() {
        return Stream.of(
                Arguments.of("big-endian", exif(ByteOrder.BIG_ENDIAN, 3, 1, 8), 8),
                Arguments.of("as a byte", exif(ByteOrder.LITTLE_ENDIAN, 1, 1, 3), 3),
                Arguments.of("as a long", exif(ByteOrder.BIG_ENDIAN, 4, 1, 5), 5),
                Arguments.of("0", exif(ByteOrder.LITTLE_ENDIAN, 3, 1, 0), 1),
                Arguments.of("9", exif(ByteOrder.LITTLE_ENDIAN, 3, 1, 9), 1),
                Arguments.of("two values", exif(ByteOrder.LITTLE_ENDIAN, 3, 2, 6), 1),
                Arguments.of("a fraction", exif(ByteOrder.LITTLE_ENDIAN, 5, 1, 6), 1),
                Arguments.of("empty", new byte[0], 1),
                Arguments.of("no TIFF", latin1("not a tiff at all"), 1),
                Arguments.of("cut off", Arrays.copyOf(EXIF_6, 25), 1),
                Arguments.of(
                        "a directory outside",
                        ByteBuffer.wrap(EXIF_6.clone()).putInt(4, -1).array(),
                        1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exifBlocks")
    void shouldTakeDamagedExifForNone(String what, byte[] block, int orientation) {
        byte[] png = join(EncodedImageParts.pngHeader(4, 2), EncodedImageParts.pngChunk("eXIf", block));

        assertThat(read(png).orientation()).as(what).isEqualTo(orientation);
    }

    @Test
    void shouldEnlargeAGifsScreenToItsFirstFrame() {
        assertThat(read(EncodedImageParts.gifHeader(10, 20, 0, 0, 10, 20)))
                .isEqualTo(new ImageHeader(Format.GIF, 10, 20, 1));
        assertThat(read(EncodedImageParts.gifHeader(10, 20, 5, 3, 10, 10)))
                .isEqualTo(new ImageHeader(Format.GIF, 15, 20, 1));
        assertThat(read(EncodedImageParts.gifHeader(0, 0, 0, 0, 7, 8))).isEqualTo(new ImageHeader(Format.GIF, 7, 8, 1));
    }

    @Test
    void shouldReadABmpThatIsStoredFromTheTop() {
        assertThat(read(EncodedImageParts.bmpHeader(4, -7))).isEqualTo(new ImageHeader(Format.BMP, 4, 7, 1));
    }

    static Stream<Arguments> hugeHeaders() {
        return Stream.of(
                Arguments.of(Format.PNG, EncodedImageParts.pngHeader(65_535, 65_535)),
                Arguments.of(Format.JPEG, EncodedImageParts.jpegHeader(65_535, 65_535)),
                Arguments.of(Format.GIF, EncodedImageParts.gifHeader(65_535, 65_535, 0, 0, 65_535, 65_535)),
                Arguments.of(Format.BMP, EncodedImageParts.bmpHeader(65_535, 65_535)),
                Arguments.of(Format.WEBP, EncodedImageParts.riff(EncodedImageParts.webpCanvas(0, 65_535, 65_535))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hugeHeaders")
    void shouldReadHugeSizesForTheLimitsToRefuse(Format format, byte[] encoded) {
        ImageHeader header = read(encoded);

        assertThat(header).isEqualTo(new ImageHeader(format, 65_535, 65_535, 1));
        assertThat(ImageLimits.DEFAULT.check(header)).hasValueSatisfying(excess -> assertThat(excess.message())
                .isEqualTo("image pixels is 4294836225, the limit is " + ImageLimits.DEFAULT.maxPixels()));
    }

    @Test
    void shouldNameTheLimitThatIsExceeded() {
        ImageLimits limits = new ImageLimits(100, 50, 10);

        assertThat(limits.checkBytes(100)).isEmpty();
        assertThat(limits.checkBytes(101)).contains(new ImageLimits.Excess("image bytes", 100, 101));
        assertThat(limits.check(new ImageHeader(Format.PNG, 10, 5, 1))).isEmpty();
        assertThat(limits.check(new ImageHeader(Format.PNG, 10, 6, 1)))
                .contains(new ImageLimits.Excess("image pixels", 50, 60));
        assertThat(limits.check(new ImageHeader(Format.PNG, 11, 1, 1)))
                .contains(new ImageLimits.Excess("image width", 10, 11));
        assertThat(limits.check(new ImageHeader(Format.PNG, 1, 12, 1)))
                .contains(new ImageLimits.Excess("image height", 10, 12));
    }

    static Stream<Arguments> badImages() {
        byte[] png = EncodedImageParts.pngHeader(4, 2);
        byte[] flipped = png.clone();
        flipped[18] ^= 1;
        return Stream.of(
                Arguments.of("nothing", new byte[0], Kind.EMPTY),
                Arguments.of("text", latin1("hello, this is not a picture"), Kind.UNKNOWN_FORMAT),
                Arguments.of("a RIFF of another kind", latin1("RIFF\0\0\0\0WAVEfmt "), Kind.UNKNOWN_FORMAT),
                Arguments.of("half a signature", latin1("\u0089PN"), Kind.TRUNCATED),
                Arguments.of("PNG 0 x 5", EncodedImageParts.pngHeader(0, 5), Kind.ZERO_SIZE),
                Arguments.of("PNG of negative width", EncodedImageParts.pngHeader(-4, 5), Kind.BAD_HEADER),
                Arguments.of("PNG with a wrong CRC", flipped, Kind.BAD_HEADER),
                Arguments.of("JPEG 5 x 0", EncodedImageParts.jpegHeader(5, 0), Kind.ZERO_SIZE),
                Arguments.of("JPEG without a frame", latin1("\u00ff\u00d8\u00ff\u00da\0\0"), Kind.BAD_HEADER),
                Arguments.of("JPEG of an end", latin1("\u00ff\u00d8\u00ff\u00d9"), Kind.BAD_HEADER),
                Arguments.of("GIF 0 x 0", EncodedImageParts.gifHeader(0, 0, 0, 0, 0, 0), Kind.ZERO_SIZE),
                Arguments.of("GIF without a frame", latin1("GIF89a\1\0\1\0\0\0\0;"), Kind.BAD_HEADER),
                Arguments.of("BMP 3 x 0", EncodedImageParts.bmpHeader(3, 0), Kind.ZERO_SIZE),
                Arguments.of("BMP of negative width", EncodedImageParts.bmpHeader(-3, 3), Kind.BAD_HEADER),
                Arguments.of(
                        "BMP of the least height", EncodedImageParts.bmpHeader(3, Integer.MIN_VALUE), Kind.BAD_HEADER),
                Arguments.of(
                        "WebP of no known kind",
                        EncodedImageParts.riff(EncodedImageParts.riffChunk("ICCP", new byte[20])),
                        Kind.BAD_HEADER));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badImages")
    void shouldSayWhatIsWrong(String what, byte[] encoded, Kind kind) {
        ImageFormatException failure = catchThrowableOfType(ImageFormatException.class, () -> read(encoded));

        assertThat(failure.kind()).as(what).isEqualTo(kind);
        assertThat(failure).hasMessage(kind.text()).hasNoCause();
    }

    @Test
    void shouldCallEveryCutHeaderTruncated() {
        for (String name : List.of("scene.png", "scene.jpg", "scene.webp")) {
            byte[] whole = fixture(name);
            int header = IntStream.rangeClosed(1, whole.length)
                    .filter(length -> isHeader(Arrays.copyOf(whole, length)))
                    .findFirst()
                    .orElseThrow();
            for (int length = 1; length < header; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThat(catchThrowableOfType(ImageFormatException.class, () -> read(cut))
                                .kind())
                        .as(name + " cut to " + length)
                        .isEqualTo(Kind.TRUNCATED);
            }
        }
    }

    @Test
    void shouldReadFromThePositionAndLeaveIt() {
        byte[] png = fixture("scene.png");
        ByteBuffer buffer = ByteBuffer.wrap(join(new byte[7], png, new byte[9]));
        buffer.position(7).limit(7 + png.length);

        assertThat(ImageHeader.read(buffer)).isEqualTo(new ImageHeader(Format.PNG, 320, 240, 1));
        assertThat(ImageHeader.read(
                        ByteBuffer.allocateDirect(png.length).put(png).flip()))
                .isEqualTo(new ImageHeader(Format.PNG, 320, 240, 1));
        assertThat(buffer.position()).isEqualTo(7);
        assertThat(buffer.remaining()).isEqualTo(png.length);
    }

    @Test
    void shouldAnswerAnyBytesWithAHeaderOrItsOwnException() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<byte[]> seeds = Stream.concat(
                        Stream.of("scene.png", "exif-6.png", "rotated-exif6.jpg", "scene.webp")
                                .map(EncodedImageParts::fixture),
                        Stream.of(
                                EncodedImageParts.encoded("gif", 30, 20),
                                EncodedImageParts.encoded("bmp", 30, 20),
                                EncodedImageParts.riff(
                                        EncodedImageParts.webpCanvas(8, 4, 2),
                                        EncodedImageParts.riffChunk("EXIF", EXIF_6))))
                .toList();
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
            int changes = 1 + random.nextInt(8);
            for (int change = 0; change < changes; change++) {
                bytes[random.nextInt(Math.min(bytes.length, 200))] = (byte) random.nextInt();
            }
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length);
            try {
                ImageHeader header = read(cut);
                assertThat(header.width()).as("seed %d, round %d", seed, i).isPositive();
            } catch (ImageFormatException e) {
                assertThat(e.getMessage())
                        .as("seed %d, round %d", seed, i)
                        .startsWith("the image ")
                        .doesNotContain("\n");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + i, e);
            }
        }
    }

    private static boolean isHeader(byte[] encoded) {
        try {
            read(encoded);
            return true;
        } catch (ImageFormatException _) {
            return false;
        }
    }

    private static void assertAgreesWithImageIo(byte[] encoded) throws IOException {
        ImageHeader header = read(encoded);
        try (ImageInputStream input = ImageIO.createImageInputStream(new ByteArrayInputStream(encoded))) {
            ImageReader reader = ImageIO.getImageReaders(input).next();
            reader.setInput(input);
            assertThat(header.width()).isEqualTo(reader.getWidth(0));
            assertThat(header.height()).isEqualTo(reader.getHeight(0));
            assertThat(header.format().name()).isEqualToIgnoringCase(reader.getFormatName());
            reader.dispose();
        }
    }

    private static ImageHeader read(byte[] encoded) {
        return ImageHeader.read(ByteBuffer.wrap(encoded));
    }
}
