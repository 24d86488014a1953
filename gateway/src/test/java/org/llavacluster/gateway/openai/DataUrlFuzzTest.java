package org.llavacluster.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.llavacluster.fuzz.ByteMutator;
import org.llavacluster.fuzz.FuzzBounds;
import org.llavacluster.fuzz.FuzzRun;
import org.llavacluster.gateway.request.ChatDraft;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** Image URLs that nobody meant: each gives the bytes that browsers read, or is refused without a part of it. */
@Tag("fuzz")
class DataUrlFuzzTest {

    private static final FuzzBounds BOUNDS = new FuzzBounds(Duration.ofSeconds(2), 8L << 20);
    private static final String FIELD = "messages[0].content[0].image_url.url";
    private static final int LARGEST = 100_000;

    private final ByteMutator mutator = new ByteMutator(
            List.of(
                    bytes("data:image/png;base64,AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHw=="),
                    bytes("data:;base64,AQ%3D%3D"),
                    bytes("data:image/jpeg;charset=utf-8;name=\"a;b\"; base64 ,/9j/4AAQ\r\nSkZJRgAB#part"),
                    bytes("DATA:IMAGE/GIF;BASE64,R0lGODlhAQABAAAAACw="),
                    bytes(" sha256:" + "0123456789abcdef".repeat(4)),
                    bytes("https://example.org/image.png")),
            List.of(
                    "data:",
                    "base64",
                    ";base64,",
                    ",",
                    ";",
                    "%",
                    "%3D",
                    "%0A",
                    "%00",
                    "%FF",
                    "=",
                    "==",
                    "#",
                    " ",
                    "\n",
                    "\t",
                    "\f",
                    "\u000b",
                    "-",
                    "_",
                    "+",
                    "/",
                    "é",
                    "\u00a0",
                    "\u0000",
                    "sha256:",
                    "https://",
                    "http://",
                    "file:///",
                    "AAAA"),
            LARGEST);

    @Test
    void shouldReadWhatBrowsersReadAndRefuseTheRest() {
        new FuzzRun("data-url", 20_000, BOUNDS).check(this::url, DataUrlFuzzTest::read);
    }

    private byte[] url(Random random) {
        return mutator.next(random);
    }

    private static void read(byte[] input) {
        String url = new String(input, StandardCharsets.UTF_8);
        try {
            switch (ImageUrls.read(FIELD, url)) {
                case ChatDraft.Inline image -> {
                    assertThat(browser(url)).isPresent();
                    assertThat(image.file().toByteArray())
                            .isEqualTo(browser(url).orElseThrow());
                }
                case ChatDraft.Stored stored -> assertThat(stored.id().size()).isEqualTo(32);
                case ChatDraft.Remote remote -> assertThat(remote.url()).isEqualTo(url.strip());
            }
        } catch (FailureException e) {
            assertThat(e.failure()).isInstanceOf(Failure.Invalid.class);
            assertThat(e.failure().message()).startsWith(FIELD + " must ").doesNotContain("\n");
            assertThat(url.startsWith("data:image/png;base64,") && browser(url).isPresent())
                    .as("refused although a browser reads it")
                    .isFalse();
        }
    }

    /**
     * "data: URL processor" and "forgiving-base64 decode", step by step as their standards have them; empty for
     * failure.
     */
    private static Optional<byte[]> browser(String url) {
        String stripped = url.replaceAll("^[\\x00- ]+|[\\x00- ]+$", "").replaceAll("[\t\n\r]", "");
        int hash = stripped.indexOf('#');
        String body = hash < 0 ? stripped : stripped.substring(0, hash);
        String data = percentDecoded(body.substring(body.indexOf(',') + 1)).replaceAll("[\t\n\f\r ]", "");
        if (data.length() % 4 == 0) {
            data = data.replaceFirst("={1,2}$", "");
        }
        if (data.length() % 4 == 1 || !data.matches("[A-Za-z0-9+/]*")) {
            return Optional.empty();
        }
        return Optional.of(Base64.getDecoder().decode(data));
    }

    /** As Latin 1: what is not ASCII is no base64. */
    private static String percentDecoded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int i = 0; i < bytes.length; i++) {
            String digits = i + 2 < bytes.length ? new String(bytes, i + 1, 2, StandardCharsets.ISO_8859_1) : "";
            if (bytes[i] == '%' && digits.matches("[0-9A-Fa-f]{2}")) {
                decoded.write(Integer.parseInt(digits, 16));
                i += 2;
            } else {
                decoded.write(bytes[i]);
            }
        }
        return decoded.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
