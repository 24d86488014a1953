package org.llavacluster.modelio.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.llavacluster.modelio.image.EncodedImageParts.latin1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.modelio.image.ImageFormatException.Kind;

class ForeignFormatTest {

    /** The first bytes, with {@code ~} for a zero byte and {@code \xHH} and line ends written out. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "~~~\\x18ftypheic~~~~mif1heic|HEIC",
                "~~~\\x18ftypmif1~~~~mif1heic|HEIC",
                "~~~\\x18ftyphevc~~~~msf1hevc|HEIC",
                "~~~\\x1cftypavif~~~~avifmif1miaf|AVIF",
                "~~~\\x1cftypmif1~~~~mif1avifmiaf|AVIF",
                "~~~\\x18ftypavis~~~~msf1avis|AVIF",
                "~~~\\x18ftypisom~~~~isommp42|MP4 video",
                "~~~\\x14ftypqt  ~~~~qt  |QuickTime video",
                "II*~\\x08~~~|TIFF",
                "MM~*~~~\\x08|TIFF",
                "II+~\\x08~~~|TIFF",
                "<svg xmlns='http://www.w3.org/2000/svg'/>|SVG",
                "\\xef\\xbb\\xbf\\n <SVG width='1'/>|SVG",
                "<?xml version='1.0'?>\\n<!-- drawn -->\\n<svg/>|SVG",
                "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN'><svg/>|SVG",
                "<?xml version='1.0'?><html/>|XML",
                "<!DOCTYPE html><html></html>|HTML page",
                "%PDF-1.7|PDF",
                "junk in front\\n%PDF-1.4|PDF",
                "~~~\\x0cJXL \\x0d\\x0a\\x87\\x0a|JPEG XL",
                "\\xff\\x0a\\xfa\\x1f|JPEG XL",
                "~~~\\x0cjP  \\x0d\\x0a\\x87\\x0a|JPEG 2000",
                "\\xff\\x4f\\xff\\x51~/|JPEG 2000",
                "8BPS~\\x01|Photoshop (PSD)",
                "~~\\x01~\\x01~\\x10\\x10|ICO icon",
                "P6\\n2 2\\n255\\n|PNM (PBM, PGM or PPM)",
                "qoif~~~\\x01|QOI",
                "v/1\\x01\\x02~~~|OpenEXR",
                "\\x1a\\x45\\xdf\\xa3\\x93B|WebM or Matroska video",
                "RIFF\\x10~~~AVI LIST|AVI video",
                "PK\\x03\\x04\\x14~|ZIP archive",
                "\\x1f\\x8b\\x08~|gzip",
                "iVBORw0KGgoAAAANSUhEUg|base64 text (encoded twice)",
                "/9j/4AAQSkZJRg|base64 text (encoded twice)",
                "data:image/png;base64,iVBO|base64 text (encoded twice)"
            })
    void shouldNameTheFormatFound(String bytes, String name) {
        ImageFormatException failure = refusal(written(bytes));

        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN_FORMAT);
        assertThat(failure).hasMessage("the image is " + name + ", not PNG, JPEG, WebP, GIF or BMP");
    }

    @Test
    void shouldAnswerWhereABoxIsCutOrItsSizeIsNonsense() {
        byte[] heic = written("~~~\\x18ftypmif1~~~~mif1heic");
        for (int length = 12; length < 20; length++) {
            assertThat(refusal(Arrays.copyOf(heic, length)).getMessage()).contains("HEIC");
        }
        heic[0] = (byte) 0xFF;
        assertThat(refusal(heic)).hasMessageContaining("HEIC");
        assertThat(refusal(Arrays.copyOf(heic, 8)).kind()).isEqualTo(Kind.UNKNOWN_FORMAT);
    }

    private static ImageFormatException refusal(byte[] bytes) {
        return catchThrowableOfType(ImageFormatException.class, () -> ImageHeader.read(ByteBuffer.wrap(bytes)));
    }

    private static byte[] written(String text) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\x", i)) {
                bytes.append((char) Integer.parseInt(text, i + 2, i + 4, 16));
                i += 3;
            } else if (text.startsWith("\\n", i)) {
                bytes.append('\n');
                i++;
            } else {
                bytes.append(text.charAt(i) == '~' ? '\0' : text.charAt(i));
            }
        }
        return latin1(bytes.toString());
    }
}
