package org.llavacluster.gateway.openai;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.llavacluster.gateway.request.ChatDraft;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * What an {@code image_url} may be: the image itself as a data URL, or {@code sha256:} and the id of one sent before. Nothing is
 * ever fetched.
 */
final class ImageUrls {

    private static final String STORED = "sha256:";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** RFC 2397 up to the data; the media type is not believed: an image's first bytes say what it is. */
    private static final Pattern DATA = Pattern.compile("data:[^,]{0,200};base64,", Pattern.CASE_INSENSITIVE);

    private ImageUrls() {}

    static ChatDraft.Source read(String field, String url) {
        if (url.startsWith(STORED)) {
            String digest = url.substring(STORED.length());
            if (!DIGEST.matcher(digest).matches()) {
                throw refuse(field, "must have 64 hexadecimal digits, in lower case, after sha256:");
            }
            return new ChatDraft.Stored(ByteString.copyFrom(HexFormat.of().parseHex(digest)));
        }
        var head = DATA.matcher(url);
        if (!head.lookingAt()) {
            throw refuse(
                    field,
                    url.toLowerCase(Locale.ROOT).startsWith("data:")
                            ? "must be a data URL in base64: data:image/png;base64,..."
                            : "must be a data URL: images are not fetched from elsewhere");
        }
        return new ChatDraft.Inline(UnsafeByteOperations.unsafeWrap(decode(field, url.substring(head.end()))));
    }

    private static byte[] decode(String field, String base64) {
        // The decoder takes a last group without its padding; the standard's alphabet asks for it.
        if (base64.length() % 4 != 0) {
            throw refuse(field, "must be base64 with its padding: its length is no multiple of 4");
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw refuse(field, "must be base64 without spaces or line breaks");
        }
    }

    private static FailureException refuse(String field, String what) {
        return new FailureException(new Failure.Invalid(field, field + " " + what));
    }
}
