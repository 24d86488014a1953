package org.llavacluster.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.cli.bench.RequestFigures.Asked;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.cluster.LocalCluster;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.GatewaySettings;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.RawPrompt;

/** Sends questions about images to a cluster of real processes, one at a time. */
public final class RequestBench {

    /** Tokens of a question. */
    public static final int TEXT_TOKENS = 14;

    /** A cluster with one process per role. */
    public static final ClusterSize ONE_OF_EACH = new ClusterSize(1, 1, 1, GatewaySettings.loopback(0, 0));

    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final Clock clock;
    private final MadeUpPrompts prompts;
    private final int decodeTokens;
    private final Progress progress;

    /**
     * @param decodeTokens tokens of each answer
     */
    public RequestBench(Clock clock, MadeUpPrompts prompts, int decodeTokens, Progress progress) {
        this.clock = clock;
        this.prompts = prompts;
        this.decodeTokens = decodeTokens;
        this.progress = progress;
    }

    /**
     * Starts a cluster, measures and stops it.
     *
     * @param properties properties of its processes
     * @param repeats number of images with two questions each, after a first one for the cold request
     */
    public RequestFigures run(Map<String, String> properties, int repeats) {
        long launched = clock.nanoTime();
        try (LocalCluster cluster = LocalCluster.start(properties, ONE_OF_EACH, DRAIN, progress);
                GatewayClient client = new GatewayClient(cluster.grpc());
                ServiceProbe decoder = new ServiceProbe(service(cluster, "decoder-0"))) {
            double startSeconds = (clock.nanoTime() - launched) * 1e-9;
            Asked cold = ask(client, decoder, 0, 0);
            progress.done("first request answered");
            List<Asked> first = new ArrayList<>();
            List<Asked> second = new ArrayList<>();
            for (int picture = 1; picture <= repeats; picture++) {
                first.add(ask(client, decoder, picture, 2 * picture));
                second.add(ask(client, decoder, picture, 2 * picture + 1));
                progress.done("image " + picture + " of " + repeats + " measured with two questions");
            }
            return new RequestFigures(startSeconds, residentMegabytes(cluster), cold, first, second);
        }
    }

    private Asked ask(GatewayClient client, ServiceProbe decoder, long picture, long text) {
        RawPrompt prompt = prompts.withImage(picture, text, TEXT_TOKENS);
        ChatRequest request = ChatRequest.newBuilder()
                .setRaw(prompt)
                .setMaxTokens(decodeTokens)
                .build();
        long before = decoder.prefillRows();
        AnswerTimeline times = new AnswerTimeline(clock);
        client.chat(request, times);
        return new Asked(
                times.firstTokenSeconds(),
                times.encodeSeconds(),
                decoder.prefillRows() - before,
                times.tokensPerSecond());
    }

    private static LocalCluster.Service service(LocalCluster cluster, String id) {
        return cluster.services().stream()
                .filter(service -> service.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, Double> residentMegabytes(LocalCluster cluster) {
        Map<String, Double> megabytes = new LinkedHashMap<>();
        for (LocalCluster.Service service : cluster.services()) {
            ProcStatus.of(service.pid())
                    .ifPresent(status -> megabytes.put(service.id(), status.residentBytes() * 1e-6));
        }
        return megabytes;
    }
}
