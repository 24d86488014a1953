package org.llavacluster.modelio.image;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Unsupported formats that are recognised by their first bytes, so that a refusal can name the format. The first match
 * in this order counts.
 */
enum ForeignFormat {
    AVIF(brand(List.of("avif", "avis"))),
    HEIC(brand(List.of("heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"))),
    MOV("QuickTime video", brand(List.of("qt  "))),
    CR3("Canon raw (CR3)", brand(List.of("crx "))),
    MP4("MP4 video", bytes -> bytes.has(4, "ftyp")),
    JPEG_XL("JPEG XL", starts("\u00ff\n", "\0\0\0\fJXL \r\n\u0087\n")),
    JPEG_2000("JPEG 2000", starts("\u00ff\u004f\u00ff\u0051", "\0\0\0\fjP  \r\n\u0087\n")),
    JPEG_XR("JPEG XR", starts("II\u00bc")),
    TIFF(starts("II*\0", "MM\0*", "II+\0", "MM\0+")),
    PSD("Photoshop (PSD)", starts("8BPS")),
    ICO("ICO icon", starts("\0\0\1\0", "\0\0\2\0")),
    ICNS("ICNS icon", starts("icns")),
    MNG(starts("\u008aMNG", "\u008bJNG")),
    PNM("PNM (PBM, PGM or PPM)", ForeignFormat::isPnm),
    QOI(starts("qoif")),
    OPEN_EXR("OpenEXR", starts("v/1\1")),
    RADIANCE("Radiance HDR", starts("#?RADIANCE", "#?RGBE")),
    DDS(starts("DDS ")),
    DICOM(bytes -> bytes.has(128, "DICM")),
    FITS(starts("SIMPLE  =")),
    XCF("GIMP (XCF)", starts("gimp xcf")),
    DJVU("DjVu", starts("AT&TFORM")),
    WMF(starts("\u00d7\u00cd\u00c6\u009a")),
    EMF(bytes -> bytes.has(0, "\1\0\0\0") && bytes.has(40, " EMF")),
    AVI("AVI video", bytes -> bytes.has(0, "RIFF") && bytes.has(8, "AVI ")),
    WEBM("WebM or Matroska video", starts("\u001a\u0045\u00df\u00a3")),
    POSTSCRIPT("PostScript", starts("%!PS", "\u00c5\u00d0\u00d3\u00c6")),
    ZIP("ZIP archive", starts("PK\3\4")),
    GZIP("gzip", starts("\u001f\u008b")),
    BASE64("base64 text (encoded twice)", starts("iVBORw0KGgo", "/9j/", "R0lGOD", "UklGR", "data:image/")),
    SVG(bytes ->
            startOfText(bytes).startsWith("<svg") || isXml(bytes) && head(bytes).contains("<svg")),
    HTML(
            "HTML page",
            bytes -> startOfText(bytes).startsWith("<!doctype html")
                    || startOfText(bytes).startsWith("<html")),
    XML(ForeignFormat::isXml),
    PDF(bytes -> head(bytes).contains("%pdf-"));

    /** Number of bytes in which marks of text formats are searched, as readers of PDF do. */
    private static final int HEAD_BYTES = 1024;

    private static final int MOST_BRANDS_BYTES = 128;
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

    private final String text;
    private final Predicate<EncodedBytes> matches;

    ForeignFormat(Predicate<EncodedBytes> matches) {
        this.text = name();
        this.matches = matches;
    }

    ForeignFormat(String text, Predicate<EncodedBytes> matches) {
        this.text = text;
        this.matches = matches;
    }

    /** The format of the bytes if it is one of these. */
    static Optional<ForeignFormat> of(EncodedBytes bytes) {
        return Arrays.stream(values())
                .filter(format -> format.matches.test(bytes))
                .findFirst();
    }

    /** The name for messages. */
    String text() {
        return text;
    }

    private static Predicate<EncodedBytes> starts(String... signatures) {
        return bytes -> Arrays.stream(signatures).anyMatch(signature -> bytes.has(0, signature));
    }

    /** ISO/IEC 14496-12, section 4.3: a major brand, a version, compatible brands. */
    private static Predicate<EncodedBytes> brand(List<String> brands) {
        return bytes -> {
            if (!bytes.has(4, "ftyp") || bytes.size() < 12) {
                return false;
            }
            long end = Math.min(Math.min(bytes.u32(0, ByteOrder.BIG_ENDIAN), MOST_BRANDS_BYTES), bytes.size());
            for (int at = 8; at < end; at += at == 8 ? 8 : 4) {
                int offset = at;
                if (brands.stream().anyMatch(brand -> bytes.has(offset, brand))) {
                    return true;
                }
            }
            return false;
        };
    }

    private static boolean isPnm(EncodedBytes bytes) {
        return bytes.size() > 2
                && bytes.u8(0) == 'P'
                && bytes.u8(1) >= '1'
                && bytes.u8(1) <= '7'
                && Character.isWhitespace(bytes.u8(2));
    }

    private static boolean isXml(EncodedBytes bytes) {
        String start = startOfText(bytes);
        return start.startsWith("<?xml") || start.startsWith("<!doctype svg") || start.startsWith("<!--");
    }

    private static String startOfText(EncodedBytes bytes) {
        String head = head(bytes);
        return (head.startsWith(BYTE_ORDER_MARK) ? head.substring(BYTE_ORDER_MARK.length()) : head).stripLeading();
    }

    /** The first bytes as Latin-1 in lower case. */
    private static String head(EncodedBytes bytes) {
        int length = Math.min(HEAD_BYTES, bytes.size());
        byte[] head = new byte[length];
        bytes.slice(0, length).get(head);
        return new String(head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }
}
