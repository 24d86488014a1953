package org.llavacluster.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.gateway.request.ChatDraft;
import org.llavacluster.node.failure.FailureException;

class ImageUrlsTest {

    /** Each spells the bytes 1, 2, 3, 4. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:image/png;base64,AQIDBA==",
                "data:image/png;base64,AQIDBA",
                "DATA:IMAGE/PNG;BASE64,AQIDBA==",
                "data:;base64,AQIDBA==",
                "data:image/png; base64,AQIDBA==",
                "data:image/png;base64 ,AQIDBA==",
                "data:image/png;charset=utf-8;name=\"a;b\";  base64,AQIDBA==",
                "data: ;base64,AQIDBA==",
                " data:image/png;base64,AQIDBA==",
                "\n\tdata:image/png;base64,AQIDBA==",
                "da\nta:image/png;ba\nse64,AQIDBA==",
                "data:image/png;base64, AQID BA==",
                "data:image/png;base64,AQ\r\nID\r\nBA==\r\n",
                "data:image/png;base64,AQ\tID\fBA= =",
                "data:image/png;base64,AQIDBA%3D%3D",
                "data:image/png;base64,AQIDBA%3d%3D",
                "data:image/png;base64,%41QID%0A%20BA",
                "data:image/png;base64,AQIDBA==#fragment",
                "data:image/png;base64,AQIDBA==\u0000",
                "data:image/png;base64,AQIDBP=="
            })
    void shouldReadWhatBrowsersRead(String url) {
        assertThat(((ChatDraft.Inline) ImageUrls.read("url", url)).file().toByteArray())
                .containsExactly(1, 2, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:image/png;base64,AQIDB",
                "data:image/png;base64,AQIDBA=",
                "data:image/png;base64,AQIDBA===",
                "data:image/png;base64,AQ==AQID",
                "data:image/png;base64,=AQI",
                "data:image/png;base64,AQ-_",
                "data:image/png;base64,AQ%2",
                "data:image/png;base64,AQ%G0",
                "data:image/png;base64,AQ%FFID",
                "data:image/png;base64,AQ\u0660D",
                "data:image/png;base64,AQ\u00a0ID",
                "data:image/png;base64,AQ\u000bID",
                "data:image/png;base64,AQID!"
            })
    void shouldRefuseWhatBrowsersRefuse(String url) {
        assertThat(refusal(url))
                .startsWith("url must be base64")
                .doesNotContain("AQ")
                .doesNotContain("%");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:image/png,AQID",
                "data:image/png;base64",
                "data:base64,AQID",
                "data:image/png;base64;x,AQID",
                "data:image/png%3Bbase64,AQID",
                "data:#;base64,AQID",
                "data:image/png#part;base64,AQID",
                "data:",
                "data:image/svg+xml;utf8,<svg/>"
            })
    void shouldAskForBase64(String url) {
        assertThat(refusal(url)).isEqualTo("url must be a data URL in base64: data:image/png;base64,...");
    }

    @Test
    void shouldTakeAnIdWithWhiteSpaceAroundIt() {
        String digest = "0123456789abcdef".repeat(4);
        assertThat(ImageUrls.read("url", " sha256:" + digest + "\n")).isInstanceOf(ChatDraft.Stored.class);
    }

    @Test
    void shouldReadAnyBytesHoweverTheyAreSpelled() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            String base64 = (random.nextBoolean()
                            ? Base64.getMimeEncoder()
                            : random.nextBoolean()
                                    ? Base64.getEncoder()
                                    : Base64.getEncoder().withoutPadding())
                    .encodeToString(bytes);
            String spelled = random.nextBoolean() ? base64 : URLEncoder.encode(base64, StandardCharsets.US_ASCII);
            ChatDraft.Inline image = (ChatDraft.Inline) ImageUrls.read("url", "data:;base64," + spelled);
            assertThat(image.file().toByteArray()).as("seed " + seed).isEqualTo(bytes);
        }
    }

    private static String refusal(String url) {
        return catchThrowableOfType(FailureException.class, () -> ImageUrls.read("url", url))
                .failure()
                .message();
    }
}
