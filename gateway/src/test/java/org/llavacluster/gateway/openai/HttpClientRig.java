package org.llavacluster.gateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.fake.Requests;

/** A plain HTTP client of one gateway. */
final class HttpClientRig implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final GatewayRig rig;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    HttpClientRig(GatewayRig rig) {
        this.rig = rig;
    }

    HttpResponse<String> complete(String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(rig.url("/v1/chat/completions"))
                .timeout(Duration.ofSeconds(30))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(rig.url(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** A body with this question and additional fields. */
    static String asking(String question, String fields) {
        return "{\"model\":\"llava-1.5-tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]"
                + (fields.isEmpty() ? "" : "," + fields) + "}";
    }

    static String askingAbout(String question, List<String> urls, String fields) {
        StringBuilder content = new StringBuilder("{\"type\":\"text\",\"text\":\"" + question + "\"}");
        urls.forEach(url -> content.append(",{\"type\":\"image_url\",\"image_url\":{\"url\":\"")
                .append(url)
                .append("\"}}"));
        return "{\"model\":\"llava-1.5-tiny\",\"messages\":[{\"role\":\"user\",\"content\":[" + content + "]}]"
                + (fields.isEmpty() ? "" : "," + fields) + "}";
    }

    static String dataUrl(String image) {
        return dataUrl(Requests.image(image));
    }

    static String dataUrl(ByteString image) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(image.toByteArray());
    }

    static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** The events of a stream, each framed exactly as {@code data: ...} and an empty line. */
    static List<String> events(String body) {
        if (!body.endsWith("\n\n")) {
            throw new AssertionError("a stream that does not end with an event: " + body);
        }
        return Arrays.stream(body.split("\n\n"))
                .map(event -> {
                    if (!event.startsWith("data: ") || event.indexOf('\n') >= 0) {
                        throw new AssertionError("not an event: " + event);
                    }
                    return event.substring("data: ".length());
                })
                .toList();
    }

    @Override
    public void close() {
        client.close();
    }
}
