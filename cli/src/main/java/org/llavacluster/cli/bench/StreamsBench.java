package org.llavacluster.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.llavacluster.cli.bench.TokenWait.Arrival;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.cluster.LocalCluster;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.v1.ChatRequest;

/** Measures how long running streams wait for their next token while the prompt of another request is computed. */
public final class StreamsBench {

    /** The decoder's property that is varied. */
    private static final String BUDGET = "llava.decoder.prefill-time";

    private static final Duration DRAIN = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int STREAM_PROMPT_TOKENS = 16;

    /** Long enough to run all the time, short enough for several in a small KV cache. */
    private static final int STREAM_ANSWER_TOKENS = 1024;

    /** Tokens of each stream before and after the first prompt, which does not count because code is being compiled. */
    private static final int WARM_UP_TOKENS = 32;

    /** Tokens of each stream between two prompts. */
    private static final int REST_TOKENS = 16;

    private final Clock clock;
    private final MadeUpPrompts prompts;
    private final int streams;
    private final int arrivals;
    private final Progress progress;
    private final AtomicLong numbers = new AtomicLong();

    /**
     * @param streams number of running streams
     * @param arrivals number of prompts sent one after the other for each budget, after a first one that does not count
     */
    public StreamsBench(Clock clock, MadeUpPrompts prompts, int streams, int arrivals, Progress progress) {
        this.clock = clock;
        this.prompts = prompts;
        this.streams = streams;
        this.arrivals = arrivals;
        this.progress = progress;
    }

    /**
     * Starts a cluster with that budget, measures and stops it.
     *
     * @param properties properties of its processes
     */
    public StreamFigures run(Map<String, String> properties, int budgetMillis) {
        Map<String, String> all = new LinkedHashMap<>(properties);
        all.put(BUDGET, Duration.ofMillis(budgetMillis).toString());
        try (LocalCluster cluster = LocalCluster.start(all, RequestBench.ONE_OF_EACH, DRAIN, progress);
                GatewayClient client = new GatewayClient(cluster.grpc())) {
            List<RunningStream> running = new ArrayList<>();
            try {
                for (int i = 0; i < streams; i++) {
                    running.add(RunningStream.start(clock, cluster.grpc(), this::streamRequest));
                }
                return measure(client, running, budgetMillis);
            } finally {
                running.forEach(RunningStream::close);
            }
        }
    }

    private StreamFigures measure(GatewayClient client, List<RunningStream> running, int budgetMillis) {
        running.forEach(stream -> stream.await(WARM_UP_TOKENS, PATIENCE));
        arrive(client);
        running.forEach(stream -> stream.await(WARM_UP_TOKENS, PATIENCE));
        progress.done("budget " + budgetMillis + " ms: warm");
        long from = clock.nanoTime();
        List<Arrival> arrived = new ArrayList<>();
        for (int i = 0; i < arrivals; i++) {
            running.forEach(stream -> stream.await(REST_TOKENS, PATIENCE));
            arrived.add(arrive(client));
        }
        running.forEach(stream -> stream.await(REST_TOKENS, PATIENCE));
        progress.done("budget " + budgetMillis + " ms: measured");
        List<TokenWait> waits = running.stream()
                .flatMap(stream -> stream.waits().stream())
                .filter(wait -> wait.from() >= from)
                .toList();
        List<Double> firstToken = arrived.stream()
                .map(arrival -> (arrival.firstToken() - arrival.sent()) * 1e-9)
                .toList();
        return new StreamFigures(budgetMillis, TokenWait.byPhase(waits, arrived), SortedValues.of(firstToken));
    }

    /** A prompt with a new image, answered with one token. */
    private Arrival arrive(GatewayClient client) {
        long number = numbers.incrementAndGet();
        ChatRequest request = ChatRequest.newBuilder()
                .setRaw(prompts.withImage(number, number, RequestBench.TEXT_TOKENS))
                .setMaxTokens(1)
                .build();
        AnswerTimeline times = new AnswerTimeline(clock);
        client.chat(request, times);
        return new Arrival(times.sent(), times.started(), times.tokens().getFirst());
    }

    private ChatRequest streamRequest() {
        return ChatRequest.newBuilder()
                .setRaw(prompts.textAlone(numbers.incrementAndGet(), STREAM_PROMPT_TOKENS))
                .setMaxTokens(STREAM_ANSWER_TOKENS)
                .build();
    }
}
