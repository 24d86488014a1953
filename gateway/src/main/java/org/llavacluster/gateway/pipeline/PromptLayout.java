package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.llavacluster.gateway.request.SamplingSettings;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.prompt.Prompt;
import org.llavacluster.proto.cluster.v1.LogitBias;
import org.llavacluster.proto.cluster.v1.SamplingSpec;
import org.llavacluster.proto.cluster.v1.Segment;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.cluster.v1.TokenIds;
import org.llavacluster.proto.v1.Started;
import org.llavacluster.proto.v1.Usage;
import org.llavacluster.scheduling.ClusterAction;

/** One request's prompt in the forms for the decoder and for the client. */
final class PromptLayout {

    private final ValidRequest request;
    private final ModelConfig model;

    private final RequestImages images;

    PromptLayout(ValidRequest request, ModelConfig model, RequestImages images) {
        this.request = request;
        this.model = model;
        this.images = images;
    }

    /**
     * The first message to a decoder for a choice without generated tokens. Choice i has the seed plus i and thus
     * generates the same as a request of one choice with that seed.
     *
     * @param sources of the images
     */
    Start.Builder start(String requestId, int choice, ByteString prefixSalt, List<ClusterAction.Source> sources) {
        ValidRequest.Ending ending = request.ending();
        Start.Builder start = Start.newBuilder()
                .setRequestId(choice == 0 ? requestId : requestId + "-" + choice)
                .setSampling(
                        sampling(request.sampling()).setSeed(request.sampling().seed() + choice))
                .setMaxTokens(ending.maxTokens())
                .setMinTokens(ending.minTokens())
                .addAllStopIds(ending.ids().stream().sorted().toList())
                .setTopLogprobs(request.topLogprobs().orElse(-1))
                .setPrefixSalt(prefixSalt)
                .setMayMove(true);
        for (Prompt.Segment segment : request.prompt().segments()) {
            start.addPrompt(
                    switch (segment) {
                        case Prompt.Tokens(int[] ids) ->
                            Segment.newBuilder().setTokens(TokenIds.newBuilder().addAllIds(asList(ids)));
                        case Prompt.Image(int index) -> Segment.newBuilder().setImage(images.reference(index, sources));
                    });
        }
        return start;
    }

    /** All settings except the seed. */
    static SamplingSpec.Builder sampling(SamplingSettings settings) {
        SamplingSpec.Builder spec = SamplingSpec.newBuilder()
                .setTemperature(settings.temperature())
                .setTopP(settings.topP())
                .setTopK(settings.topK())
                .setMinP(settings.minP())
                .setRepetitionPenalty(settings.repetitionPenalty())
                .setPresencePenalty(settings.presencePenalty())
                .setFrequencyPenalty(settings.frequencyPenalty());
        settings.logitBias().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(bias -> spec.addLogitBias(
                        LogitBias.newBuilder().setTokenId(bias.getKey()).setBias(bias.getValue())));
        return spec;
    }

    Started started(RequestScope scope) {
        Started.Builder started = Started.newBuilder()
                .setRequestId(scope.requestId())
                .setModel(model.name())
                .setSeed(request.sampling().seed())
                .setDeadlineMillis(scope.time().toMillis());
        for (Prompt.Segment segment : request.prompt().segments()) {
            started.addAllPromptIds(
                    switch (segment) {
                        case Prompt.Tokens(int[] ids) -> asList(ids);
                        case Prompt.Image(int index) -> imageIds(index);
                    });
        }
        request.images()
                .forEach(image -> started.addImageIds(image.stored().id().digest()));
        return started.build();
    }

    private List<Integer> imageIds(int index) {
        int rows = request.images().get(index).stored().rows();
        return IntStream.range(0, rows).mapToObj(row -> model.imageTokenId()).toList();
    }

    Usage usage(int completionTokens, int cachedTokens) {
        return Usage.newBuilder()
                .setPromptTokens(request.promptTokens())
                .setImageTokens(request.imageTokens())
                .setCompletionTokens(completionTokens)
                .setCachedTokens(cachedTokens)
                .build();
    }

    private static List<Integer> asList(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
