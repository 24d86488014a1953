package org.llavacluster.systemtest.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.GenerateRequest;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.LogitBias;
import org.llavacluster.proto.cluster.v1.PullEmbeddingsRequest;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.cluster.v1.SamplingSpec;
import org.llavacluster.proto.cluster.v1.Segment;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.cluster.v1.TokenIds;
import org.llavacluster.proto.cluster.v1.WatchRequest;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.CountTokensRequest;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.ListModelsRequest;
import org.llavacluster.proto.v1.Part;
import org.llavacluster.proto.v1.PutImageRequest;
import org.llavacluster.proto.v1.RawPrompt;
import org.llavacluster.proto.v1.Sampling;
import org.llavacluster.systemtest.harness.Launcher;

/** The methods of all gRPC ports of a cluster, with valid requests for each. */
final class FuzzedCalls {

    private static final ByteString KEY = ByteString.copyFrom(new byte[32]);

    private FuzzedCalls() {}

    static List<FuzzedCall> all() throws IOException {
        ByteString file = ByteString.copyFrom(Files.readAllBytes(Launcher.fixture("images/small.png")));
        return List.of(
                call("gateway-0", "llava.v1.Llava/Chat", List.of(conversation(file)), List.of(raw(file))),
                call("gateway-0", "llava.v1.Llava/CountTokens", List.of(count(file))),
                call("gateway-0", "llava.v1.Llava/PutImage", upload(file)),
                call("gateway-0", "llava.v1.Llava/ListModels", List.of(ListModelsRequest.getDefaultInstance())),
                call("vision-0", "llava.cluster.v1.Vision/Encode", encode(file)),
                call("vision-0", "llava.cluster.v1.Vision/PullFeatures", List.of(features())),
                call("projector-0", "llava.cluster.v1.Projector/PullEmbeddings", List.of(embeddings())),
                call("decoder-0", "llava.cluster.v1.Decoder/Generate", List.of(start()), List.of(start(), source())),
                call("vision-0", "llava.cluster.v1.Node/Describe", List.of(DescribeRequest.getDefaultInstance())),
                call("decoder-0", "llava.cluster.v1.Node/Watch", List.of(WatchRequest.getDefaultInstance())));
    }

    @SafeVarargs
    private static FuzzedCall call(String service, String method, List<Message>... requests) {
        return new FuzzedCall(service, method, List.of(requests));
    }

    private static ChatRequest conversation(ByteString file) {
        return ChatRequest.newBuilder()
                .setConversation(Conversation.newBuilder()
                        .addMessages(message("what is", file))
                        .addMessages(org.llavacluster.proto.v1.Message.newBuilder()
                                .setRole(org.llavacluster.proto.v1.Message.Role.ROLE_ASSISTANT)
                                .addParts(Part.newBuilder().setText("that")))
                        .addMessages(message("and this", file)))
                .setSampling(Sampling.newBuilder()
                        .setTemperature(0.5f)
                        .setTopP(0.9f)
                        .setTopK(10)
                        .setMinP(0.1f)
                        .setRepetitionPenalty(1.1f)
                        .setSeed(7)
                        .setPresencePenalty(0.5f)
                        .setFrequencyPenalty(0.5f)
                        .putLogitBias(5, 2f))
                .setMaxTokens(4)
                .addStop("stop")
                .setTopLogprobs(3)
                .setN(2)
                .addStopTokenIds(9)
                .setMinTokens(2)
                .build();
    }

    private static org.llavacluster.proto.v1.Message message(String text, ByteString file) {
        return org.llavacluster.proto.v1.Message.newBuilder()
                .setRole(org.llavacluster.proto.v1.Message.Role.ROLE_USER)
                .addParts(Part.newBuilder().setImage(Image.newBuilder().setData(file)))
                .addParts(Part.newBuilder().setText(text))
                .build();
    }

    private static ChatRequest raw(ByteString file) {
        return ChatRequest.newBuilder()
                .setRaw(RawPrompt.newBuilder()
                        .setText("USER: <image>\nwhat is <image>? ASSISTANT:")
                        .addImages(Image.newBuilder().setData(file))
                        .addImages(Image.newBuilder().setId(KEY)))
                .setMaxTokens(4)
                .build();
    }

    private static CountTokensRequest count(ByteString file) {
        return CountTokensRequest.newBuilder()
                .setConversation(Conversation.newBuilder().addMessages(message("how many", file)))
                .build();
    }

    private static List<Message> upload(ByteString file) {
        return List.of(
                PutImageRequest.newBuilder().setTotalBytes(file.size()).build(),
                PutImageRequest.newBuilder().setData(file.substring(0, 100)).build(),
                PutImageRequest.newBuilder().setData(file.substring(100)).build());
    }

    private static List<Message> encode(ByteString file) {
        return List.of(
                EncodeRequest.newBuilder()
                        .setImage(EncodeImage.newBuilder()
                                .setFeatureKey(KEY)
                                .setImageId(KEY)
                                .setTotalBytes(file.size())
                                .setWidth(30)
                                .setHeight(20)
                                .setRequester("one"))
                        .build(),
                EncodeRequest.newBuilder().setData(file).build());
    }

    private static PullFeaturesRequest features() {
        return PullFeaturesRequest.newBuilder()
                .setFeatureKey(KEY)
                .setVisionRevision("revision")
                .build();
    }

    private static ImageReference image() {
        return ImageReference.newBuilder()
                .setEmbeddingKey(KEY)
                .setFeatureKey(KEY)
                .setRows(36)
                .setWidth(84)
                .setHeight(84)
                .setVisionRevision("revision")
                .setProjectorRevision("revision")
                .setVisionNode("vision-0")
                .setProjectorNode("projector-0")
                .build();
    }

    private static PullEmbeddingsRequest embeddings() {
        return PullEmbeddingsRequest.newBuilder().setImage(image()).build();
    }

    private static GenerateRequest start() {
        return GenerateRequest.newBuilder()
                .setStart(Start.newBuilder()
                        .setRequestId("request")
                        .addPrompt(Segment.newBuilder()
                                .setTokens(TokenIds.newBuilder()
                                        .addIds(1)
                                        .addIds(20)
                                        .addIds(30)))
                        .addPrompt(Segment.newBuilder().setImage(image()))
                        .setSampling(SamplingSpec.newBuilder()
                                .setTemperature(0.5f)
                                .setTopP(0.9f)
                                .setRepetitionPenalty(1)
                                .setSeed(3)
                                .addLogitBias(
                                        LogitBias.newBuilder().setTokenId(4).setBias(1)))
                        .setMaxTokens(4)
                        .addProduced(8)
                        .addStopIds(2)
                        .setTopLogprobs(2)
                        .setPrefixSalt(KEY)
                        .setMinTokens(1))
                .build();
    }

    private static GenerateRequest source() {
        return GenerateRequest.newBuilder()
                .setSource(Source.newBuilder()
                        .setEmbeddingKey(KEY)
                        .setVisionNode("vision-0")
                        .setProjectorNode("projector-0"))
                .build();
    }
}
