package org.llavacluster.clustertest.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks a gateway again and again, and compares each answer with the one that it got before the load began.
 *
 * <p>It prints {@code LOAD} when the load begins, and {@code END} with the figures when it has ended, which {@link
 * EndProgram} brings about.
 */
public final class LoadProgram {

    static final Path END = Path.of("/tmp/end");

    private final URI gateway;
    private final int tokens;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final AtomicLong askings = new AtomicLong();
    private final LoadTally tally = new LoadTally();

    private LoadProgram(URI gateway, int tokens) {
        this.gateway = gateway;
        this.tokens = tokens;
    }

    /** @param arguments URL of the gateway, clients at once, tokens of an answer, and what to ask: all, text or images */
    public static void main(String[] arguments) throws Exception {
        List<LoadQuestion> questions = new ArrayList<>();
        if (!arguments[3].equals("images")) {
            questions.addAll(LoadQuestion.withoutImages());
        }
        if (!arguments[3].equals("text")) {
            questions.addAll(LoadQuestion.withImages());
        }
        new LoadProgram(URI.create(arguments[0]), Integer.parseInt(arguments[2]))
                .run(questions, Integer.parseInt(arguments[1]));
    }

    private void run(List<LoadQuestion> questions, int clients) throws Exception {
        Map<LoadQuestion, String> undisturbed = new LinkedHashMap<>();
        for (LoadQuestion question : questions) {
            LoadAnswer answer = ask(question);
            if (!answer.fault().isEmpty()) {
                throw new IllegalStateException("before the load began: " + answer.fault());
            }
            undisturbed.put(question, answer.text());
        }
        System.out.println("LOAD");
        try (ScheduledExecutorService progress = Executors.newSingleThreadScheduledExecutor();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            progress.scheduleAtFixedRate(() -> System.out.println(tally), 1, 1, TimeUnit.SECONDS);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int first = i;
                running.add(threads.submit(() -> askUntilTheEnd(questions, undisturbed, first)));
            }
            for (Future<?> each : running) {
                each.get();
            }
            progress.shutdownNow();
        }
        System.out.println("END " + tally);
    }

    private Void askUntilTheEnd(List<LoadQuestion> questions, Map<LoadQuestion, String> undisturbed, int first)
            throws InterruptedException {
        for (int next = first; !Files.exists(END); next++) {
            LoadQuestion question = questions.get(next % questions.size());
            tally.count("question " + next % questions.size(), ask(question), undisturbed.get(question));
        }
        return null;
    }

    private LoadAnswer ask(LoadQuestion question) throws InterruptedException {
        return LoadAnswer.to(client, gateway, question.body(tokens, askings.incrementAndGet()));
    }
}
