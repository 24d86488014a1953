package org.llavacluster.gateway.openai;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.llavacluster.gateway.request.ChatDraft;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Reads an {@code image_url}: the image itself as a data URL, or {@code sha256:} and the id of an image sent before.
 * Anything else must be an https URL, which is fetched if its host is allowed. Data URLs are read as browsers do
 * (WHATWG URL and Fetch, "data: URL processor").
 */
final class ImageUrls {

    private static final String STORED = "sha256:";
    private static final String DATA = "data:";
    private static final String HTTPS = "https://";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /**
     * The media type is ignored, because an image's first bytes determine its format. A hash begins the URL's
     * fragment, so no data follows it.
     */
    private static final Pattern HEAD = Pattern.compile("data:[^,#]*; *base64 *", Pattern.CASE_INSENSITIVE);

    private static final Pattern TABS_AND_LINE_ENDS = Pattern.compile("[\t\n\r]");

    /** Up to the comma before the data. */
    private static final int LONGEST_HEAD = 1000;

    private ImageUrls() {}

    static ChatDraft.Source read(String field, String url) {
        int start = 0;
        while (start < url.length() && url.charAt(start) <= ' ') {
            start++;
        }
        if (url.startsWith(STORED, start)) {
            String digest = url.substring(start + STORED.length()).strip();
            if (!DIGEST.matcher(digest).matches()) {
                throw refuse(field, "must have 64 hexadecimal digits, in lower case, after sha256:");
            }
            return new ChatDraft.Stored(ByteString.copyFrom(HexFormat.of().parseHex(digest)));
        }
        String beginning = url.substring(start, Math.min(url.length(), start + LONGEST_HEAD));
        int comma = beginning.indexOf(',');
        String head = TABS_AND_LINE_ENDS
                .matcher(comma < 0 ? beginning : beginning.substring(0, comma))
                .replaceAll("");
        if (head.toLowerCase(Locale.ROOT).startsWith(HTTPS)) {
            return new ChatDraft.Remote(field, url.strip());
        }
        if (!head.toLowerCase(Locale.ROOT).startsWith(DATA)) {
            throw refuse(field, "must be a data URL: images are not fetched from elsewhere");
        }
        if (comma < 0 || !isBase64(head)) {
            throw refuse(field, "must be a data URL in base64: data:image/png;base64,...");
        }
        return new ChatDraft.Inline(
                UnsafeByteOperations.unsafeWrap(DataUrlBase64.decode(field, url, start + comma + 1)));
    }

    /** Whether the last parameter is base64: a semicolon, spaces, the word. */
    private static boolean isBase64(String head) {
        return HEAD.matcher(head).matches();
    }

    private static FailureException refuse(String field, String what) {
        return new FailureException(new Failure.Invalid(field, field + " " + what));
    }
}
