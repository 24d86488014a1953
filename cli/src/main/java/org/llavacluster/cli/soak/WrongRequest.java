package org.llavacluster.cli.soak;

import com.google.protobuf.ByteString;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.llavacluster.cli.client.UserMessage;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.RawPrompt;
import org.llavacluster.proto.v1.Sampling;

/** Requests that a gateway refuses, each with a number in it that no other has. */
enum WrongRequest {
    NO_INPUT(SoakProtocol.GRPC),
    UNKNOWN_MODEL(SoakProtocol.GRPC),
    TOO_HOT(SoakProtocol.GRPC),
    IMAGE_OF_NOISE(SoakProtocol.GRPC),
    UNKNOWN_IMAGE(SoakProtocol.GRPC),
    NO_JSON(SoakProtocol.HTTP),
    UNKNOWN_FIELD_TYPE(SoakProtocol.HTTP),
    BAD_DATA_URL(SoakProtocol.HTTP),
    PLAIN_TEXT(SoakProtocol.HTTP),
    UNKNOWN_PATH(SoakProtocol.HTTP),
    OTHER_METHOD(SoakProtocol.HTTP);

    private final SoakProtocol protocol;

    WrongRequest(SoakProtocol protocol) {
        this.protocol = protocol;
    }

    SoakProtocol protocol() {
        return protocol;
    }

    /** Over gRPC. */
    ChatRequest chat(long number) {
        ChatRequest.Builder request = ChatRequest.newBuilder();
        RawPrompt.Builder image = RawPrompt.newBuilder().setText("<image> " + number);
        return switch (this) {
            case NO_INPUT -> request.setModel("").build();
            case UNKNOWN_MODEL ->
                request.setModel("model-" + number)
                        .setRaw(RawPrompt.newBuilder().setText("text"))
                        .build();
            case TOO_HOT ->
                request.setConversation(Conversation.newBuilder().addMessages(UserMessage.of(List.of(), "text")))
                        .setSampling(Sampling.newBuilder().setTemperature(10 + number))
                        .build();
            case IMAGE_OF_NOISE ->
                request.setRaw(image.addImages(Image.newBuilder().setData(bytes("noise " + number, 400))))
                        .build();
            case UNKNOWN_IMAGE ->
                request.setRaw(image.addImages(Image.newBuilder().setId(bytes("id " + number, 32))))
                        .build();
            case NO_JSON, UNKNOWN_FIELD_TYPE, BAD_DATA_URL, PLAIN_TEXT, UNKNOWN_PATH, OTHER_METHOD ->
                throw new IllegalStateException(this + " is no gRPC request");
        };
    }

    /** Over HTTP, to the gateway at that URL. */
    HttpRequest http(URI base, long number) {
        String image = "data:image/png;base64,!" + number;
        return switch (this) {
            case NO_JSON -> post(base, "application/json", "{\"messages\": [" + number);
            case UNKNOWN_FIELD_TYPE -> post(base, "application/json", "{\"messages\": " + number + "}");
            case BAD_DATA_URL ->
                post(
                        base,
                        "application/json",
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
                                + "\"image_url\":{\"url\":\"" + image + "\"}}]}]}");
            case PLAIN_TEXT -> post(base, "text/plain", "text " + number);
            case UNKNOWN_PATH ->
                HttpRequest.newBuilder(base.resolve("/v1/" + number + "/completions"))
                        .build();
            case OTHER_METHOD ->
                HttpRequest.newBuilder(base.resolve(HttpSoakClient.PATH + "?" + number))
                        .build();
            case NO_INPUT, UNKNOWN_MODEL, TOO_HOT, IMAGE_OF_NOISE, UNKNOWN_IMAGE ->
                throw new IllegalStateException(this + " is no HTTP request");
        };
    }

    private static HttpRequest post(URI base, String type, String body) {
        return HttpRequest.newBuilder(base.resolve(HttpSoakClient.PATH))
                .header("content-type", type)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static ByteString bytes(String text, int length) {
        return ByteString.copyFrom(text.repeat(length).getBytes(StandardCharsets.US_ASCII), 0, length);
    }
}
