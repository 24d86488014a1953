package org.llavacluster.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.model.image.FixtureImages.Expected;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageFormatException.Kind;
import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.modelio.image.Preprocess;

/** Holds the limit {@code FixedLimits.JPEG_SCANS}. */
final class ImageDecoderTest {

    static List<Expected> expected() {
        return FixtureImages.expected();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("expected")
    void shouldDecodeWhatPillowAndLibwebpDecode(Expected expected) throws NoSuchAlgorithmException {
        byte[] encoded = FixtureImages.made(expected.name());

        DecodedImage decoded = decode(encoded, expected.preprocess());

        assertThat(decoded.width()).isEqualTo(expected.width());
        assertThat(decoded.height()).isEqualTo(expected.height());
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(FixtureImages.canvas(decoded))))
                .isEqualTo(expected.sha256());
        ImageHeader header = ImageHeader.read(ByteBuffer.wrap(encoded));
        assertThat(header.widthAsSeen(expected.preprocess())).isEqualTo(decoded.width());
        assertThat(header.heightAsSeen(expected.preprocess())).isEqualTo(decoded.height());
    }

    /** Each first image shows what its second one shows, which has no such peculiarity. */
    @ParameterizedTest
    @CsvSource({
        "circles.webp, circles.png",
        "grey-page.webp, grey-page.png",
        "grey2-key1.png, grey2-key1-seen.png",
        "grey4-key3.png, grey4-key3-seen.png",
        "grey8-key3.png, grey8-key3-seen.png",
        "photo-no-eoi.jpg, photo.jpg",
        "photo-zero-padding.jpg, photo.jpg",
    })
    void shouldShowTheSamePixels(String peculiar, String plain) throws IOException {
        DecodedImage decoded = decode(pair(peculiar), Preprocess.NATURAL);
        DecodedImage same = decode(pair(plain), Preprocess.NATURAL);

        assertThat(decoded.width()).isEqualTo(same.width());
        assertThat(decoded.height()).isEqualTo(same.height());
        assertThat(FixtureImages.canvas(decoded)).isEqualTo(FixtureImages.canvas(same));
    }

    @Test
    void shouldRefuseAPhotoThatIsCutInItsPixels() throws IOException {
        assertThat(kindOf(pair("photo-cut.jpg"), ImageLimits.DEFAULT)).isEqualTo(Kind.TRUNCATED);
    }

    /** libjpeg skips bytes between segments and adds a missing end of image. */
    @Test
    void shouldReadJpegsWithJunkBetweenSegmentsOrWithoutTheirEnd() {
        for (String name : FixtureImages.names().stream()
                .filter(name -> name.endsWith(".jpg"))
                .toList()) {
            byte[] whole = FixtureImages.made(name);
            byte[] pixels = FixtureImages.canvas(decode(whole, Preprocess.NATURAL));
            byte[] junk = JpegDamage.withJunkBetweenSegments(whole);
            byte[] unended = JpegDamage.withoutEnd(whole);
            byte[] halfEnded = Arrays.copyOf(unended, unended.length + 1);
            halfEnded[unended.length] = (byte) 0xFF;

            for (byte[] damaged : List.of(junk, unended, halfEnded, JpegDamage.withJunkBetweenSegments(unended))) {
                assertThat(Arrays.equals(FixtureImages.canvas(decode(damaged, Preprocess.NATURAL)), pixels))
                        .as(name)
                        .isTrue();
            }
        }
    }

    /** A hundred bytes, of which one pixel is decoded and held. */
    @Test
    void shouldDecodeAFrameWithoutItsCanvas() {
        byte[] gif = {
            'G',
            'I',
            'F',
            '8',
            '9',
            'a',
            0x40,
            0x1F,
            0x40,
            0x1F,
            (byte) 0x80,
            0,
            0,
            9,
            8,
            7,
            1,
            2,
            3, //
            0x2C,
            5,
            0,
            6,
            0,
            1,
            0,
            1,
            0,
            0,
            2,
            2,
            0x4C,
            1,
            0,
            0x3B
        };
        DecodedImage decoded = decode(gif, Preprocess.NATURAL);
        assertThat(new int[] {decoded.width(), decoded.height()}).containsExactly(8000, 8000);
        assertThat(decoded.rgb()).containsExactly(1, 2, 3);
        assertThat(decoded.canvas()).containsExactly(9, 8, 7);
        assertThat(new int[] {decoded.left(), decoded.top()}).containsExactly(5, 6);
        assertThat(ImageHeader.read(ByteBuffer.wrap(gif)).drawnPixels(ByteBuffer.wrap(gif)))
                .isEqualTo(1);
    }

    @Test
    void shouldRefuseAJpegThatIsCutInItsPixels() {
        for (String name : List.of("q95-420.jpg", "grey.jpg", "restarts.jpg", "cmyk.jpg", "progressive-420.jpg")) {
            byte[] unended = JpegDamage.withoutEnd(FixtureImages.made(name));
            for (int missing : new int[] {40, 200, unended.length / 2}) {
                assertThat(kindOf(Arrays.copyOf(unended, unended.length - missing), ImageLimits.DEFAULT))
                        .as(name + " without its last " + missing + " bytes")
                        .isEqualTo(Kind.TRUNCATED);
            }
        }
    }

    @Test
    void shouldDecodeAWholeImageOrNoneHoweverItIsCut() {
        for (String name : List.of(
                "rgb8.png",
                "palette8-alpha-interlaced.png",
                "q95-420.jpg",
                "progressive-444.jpg",
                "cmyk.jpg",
                "lossless-alpha.webp",
                "animated.webp",
                "plain.gif",
                "interlaced.gif",
                "rgb24.bmp",
                "palette4.bmp",
                "rle8.bmp",
                "os2.bmp")) {
            byte[] whole = FixtureImages.made(name);
            byte[] pixels = FixtureImages.canvas(decode(whole, Preprocess.NATURAL));
            for (int percent = 0; percent < 100; percent++) {
                byte[] cut = Arrays.copyOf(whole, whole.length * percent / 100);
                try {
                    assertThat(Arrays.equals(FixtureImages.canvas(decode(cut, Preprocess.NATURAL)), pixels))
                            .as(name + " cut to " + percent + " % decodes to the whole image")
                            .isTrue();
                } catch (ImageFormatException e) {
                    assertThat(e).hasMessage(e.kind().text()).hasNoCause();
                }
            }
        }
    }

    @Test
    void shouldLetNothingElseOutOfADecoder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> names = FixtureImages.names();
        int refused = 0;
        for (int round = 0; round < 3000; round++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] damaged = FixtureImages.made(name);
            int changes = 1 + random.nextInt(6);
            for (int i = 0; i < changes; i++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                decode(damaged, random.nextBoolean() ? Preprocess.NATURAL : Preprocess.REFERENCE);
            } catch (ImageFormatException e) {
                assertThat(e)
                        .as("seed %d, round %d, %s", seed, round, name)
                        .hasMessageStartingWith("the image ")
                        .hasNoCause();
                refused++;
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + ", round " + round + ", " + name, e);
            }
        }
        assertThat(refused).as("refused with seed " + seed).isBetween(100, 2999);
    }

    @Test
    void shouldRefuseByTheHeaderAlone() {
        byte[] huge = {
            'B', 'M', 0, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, -1, -1, 0, 0, -1, -1, 0, 0, 1, 0, 24, 0
        };
        byte[] scene = FixtureImages.fixture("scene.png");

        assertThat(kindOf(huge, ImageLimits.DEFAULT)).isEqualTo(Kind.TOO_LARGE);
        assertThat(kindOf(scene, new ImageLimits(scene.length - 1, 76_800, 320)))
                .isEqualTo(Kind.TOO_LARGE);
        assertThat(kindOf(scene, new ImageLimits(scene.length, 76_799, 320))).isEqualTo(Kind.TOO_LARGE);
        assertThat(kindOf(scene, new ImageLimits(scene.length, 76_800, 319))).isEqualTo(Kind.TOO_LARGE);
        assertThat(new ImageDecoder(Preprocess.NATURAL, new ImageLimits(scene.length, 76_800, 320))
                        .decode(scene)
                        .width())
                .isEqualTo(320);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not an image", "<svg width='1'/>", "%PDF-1.7"})
    void shouldRefuseWhatIsNoImage(String text) {
        assertThat(kindOf(text.getBytes(StandardCharsets.US_ASCII), ImageLimits.DEFAULT))
                .isEqualTo(text.isEmpty() ? Kind.EMPTY : Kind.UNKNOWN_FORMAT);
    }

    @Test
    void shouldDecodeAJpegOfAsManyScansAsTheLimitAndRefuseMore() {
        int own = JpegStructure.of(FixtureImages.made("progressive-420.jpg")).scans();
        int most = ImageDecoder.MAX_JPEG_SCANS;
        for (int scans : new int[] {most - 1, most}) {
            assertThat(decodes(withFurtherScans(scans - own)))
                    .as(scans + " scans")
                    .isTrue();
        }
        for (int scans : new int[] {most + 1, 5000}) {
            assertThat(kindOf(withFurtherScans(scans - own), ImageLimits.DEFAULT))
                    .as(scans + " scans")
                    .isEqualTo(Kind.UNSUPPORTED);
        }
    }

    /** Whether it is not refused for its scans: whether libjpeg takes empty ones is its own matter. */
    private static boolean decodes(byte[] jpeg) {
        try {
            new ImageDecoder(Preprocess.NATURAL, ImageLimits.DEFAULT).decode(jpeg);
            return true;
        } catch (ImageFormatException e) {
            return e.kind() != Kind.UNSUPPORTED;
        }
    }

    private static byte[] withFurtherScans(int count) {
        byte[] jpeg = FixtureImages.made("progressive-420.jpg");
        byte[] scan = {(byte) 0xFF, (byte) 0xDA, 0, 8, 1, 1, 0, 1, 1, 0};
        ByteBuffer many = ByteBuffer.allocate(jpeg.length + count * scan.length);
        many.put(jpeg, 0, jpeg.length - 2);
        for (int i = 0; i < count; i++) {
            many.put(scan);
        }
        return many.put(jpeg, jpeg.length - 2, 2).array();
    }

    @Test
    void shouldRefuseAWebpWhosePixelsAreNotOfTheCanvasSize() {
        byte[] webp = FixtureImages.made("profile.webp");
        ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).putShort(24, (short) 9);

        assertThat(kindOf(webp, ImageLimits.DEFAULT)).isIn(Kind.CORRUPT, Kind.BAD_HEADER);
    }

    @ParameterizedTest
    @EnumSource(Preprocess.class)
    void shouldDecodeTheThinnestImages(Preprocess preprocess) throws IOException {
        for (int[] size : new int[][] {{1, 1}, {1, 1000}, {1000, 1}, {3, 65_500}, {65_500, 3}}) {
            for (String format : List.of("png", "bmp", "gif", "jpg")) {
                ByteArrayOutputStream encoded = new ByteArrayOutputStream();
                BufferedImage image = new BufferedImage(size[0], size[1], BufferedImage.TYPE_INT_RGB);
                assertThat(ImageIO.write(image, format, encoded)).isTrue();

                DecodedImage decoded = decode(encoded.toByteArray(), preprocess);

                assertThat(new int[] {decoded.width(), decoded.height()}).isEqualTo(size);
            }
        }
    }

    private static byte[] pair(String name) throws IOException {
        try (InputStream file = ImageDecoderTest.class.getResourceAsStream("/image-pairs/" + name)) {
            return file.readAllBytes();
        }
    }

    private static Kind kindOf(byte[] encoded, ImageLimits limits) {
        return catchThrowableOfType(
                        ImageFormatException.class, () -> new ImageDecoder(Preprocess.NATURAL, limits).decode(encoded))
                .kind();
    }

    private static DecodedImage decode(byte[] encoded, Preprocess preprocess) {
        return new ImageDecoder(preprocess, ImageLimits.DEFAULT).decode(encoded);
    }
}
