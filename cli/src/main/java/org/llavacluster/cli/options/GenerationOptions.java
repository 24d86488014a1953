package org.llavacluster.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Sampling;
import picocli.CommandLine.Option;

/** How tokens are chosen and when the answer ends. The gateway decides about absent options. */
public final class GenerationOptions {

    @Option(names = "--max-tokens", paramLabel = "N", description = "Most tokens to generate.")
    private Integer maxTokens;

    @Option(names = "--temperature", paramLabel = "T", description = "0 is greedy, the default.")
    private Float temperature;

    @Option(names = "--top-p", paramLabel = "P", description = "Keep the most likely tokens up to this probability.")
    private Float topP;

    @Option(names = "--top-k", paramLabel = "K", description = "Keep the K most likely tokens; 0 keeps all.")
    private Integer topK;

    @Option(names = "--seed", paramLabel = "S", description = "Same seed, same answer; drawn if absent.")
    private Long seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "End before this text; may be given several times.")
    private List<String> stop = new ArrayList<>();

    @Option(
            names = "--top-logprobs",
            paramLabel = "N",
            description = "With --json: log probabilities of each token and of N alternatives.")
    private Integer topLogprobs;

    /** Adds the choices to a request. The gateway checks their ranges, for all of its clients. */
    public void applyTo(ChatRequest.Builder request) {
        Sampling.Builder sampling = request.getSamplingBuilder();
        if (temperature != null) {
            sampling.setTemperature(temperature);
        }
        if (topP != null) {
            sampling.setTopP(topP);
        }
        if (topK != null) {
            sampling.setTopK(topK);
        }
        if (seed != null) {
            sampling.setSeed(seed);
        }
        if (maxTokens != null) {
            request.setMaxTokens(maxTokens);
        }
        if (topLogprobs != null) {
            request.setTopLogprobs(topLogprobs);
        }
        request.addAllStop(stop);
    }
}
