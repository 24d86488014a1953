package org.llavacluster.cli.soak;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.llavacluster.cli.bench.Pause;
import org.llavacluster.node.time.Clock;

/** Requests over HTTP. */
final class HttpSoakClient implements SoakClient {

    static final String PATH = "/v1/chat/completions";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data: ";
    private static final String DONE = "[DONE]";
    private static final int OK = 200;

    private final URI base;
    private final Duration patience;
    private final Clock clock;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledThreadPoolExecutor cutter = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("cut-soak-answers").factory());

    /** @param patience after which a request that has not ended counts as one that never does */
    HttpSoakClient(URI base, Duration patience, Clock clock) {
        this.base = base;
        this.patience = patience;
        this.clock = clock;
        cutter.setRemoveOnCancelPolicy(true);
    }

    @Override
    public SoakOutcome ask(SoakRequest.Ask request) {
        boolean stream = request.protocol() == SoakProtocol.HTTP_STREAM;
        HttpRequest post = HttpRequest.newBuilder(base.resolve(PATH))
                .header("content-type", "application/json")
                .timeout(patience)
                .POST(HttpRequest.BodyPublishers.ofString(OpenAiBody.of(request.chat(), stream)))
                .build();
        return exchange(post, request.reading(), stream);
    }

    @Override
    public SoakOutcome send(SoakRequest.Wrong request) {
        return exchange(request.what().http(base, request.number()), new SoakReading.Whole(), false);
    }

    private SoakOutcome exchange(HttpRequest request, SoakReading reading, boolean stream) {
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() != OK) {
                    body.readAllBytes();
                    return new SoakOutcome.Refused(Integer.toString(response.statusCode()));
                }
                return readInTime(body, reading, stream);
            }
        } catch (IOException e) {
            return new SoakOutcome.WrongEnd("HTTP: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new SoakOutcome.WrongEnd("HTTP: interrupted");
        }
    }

    private SoakOutcome readInTime(InputStream body, SoakReading reading, boolean stream) throws IOException {
        ScheduledFuture<?> cut = cutter.schedule(() -> close(body), patience.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return stream ? new Events(reading).readAll(body) : whole(JSON.readTree(body));
        } finally {
            cut.cancel(false);
        }
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // The reader finds the stream closed either way.
        }
    }

    private static SoakOutcome whole(JsonNode answer) {
        JsonNode choices = answer.path("choices");
        if (choices.size() != 1
                || choices.path(0).path("finish_reason").asText("").isEmpty()) {
            return new SoakOutcome.WrongEnd("HTTP: an answer without an end");
        }
        return new SoakOutcome.Answered(
                choices.path(0).path("message").path("content").asText(), OptionalLong.empty());
    }

    private final class Events {

        private final SoakReading reading;
        private final StringBuilder text = new StringBuilder();
        private int count;
        private int reasons;
        private int ends;
        private boolean afterEnd;
        private String error = "";
        private OptionalLong firstToken = OptionalLong.empty();

        Events(SoakReading reading) {
            this.reading = reading;
        }

        SoakOutcome readAll(InputStream body) throws IOException {
            BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith(DATA)) {
                    continue;
                }
                add(line.substring(DATA.length()));
                count++;
                if (reading instanceof SoakReading.Leaving(int most) && count >= most) {
                    return new SoakOutcome.Left();
                }
                if (reading instanceof SoakReading.Slowly(Duration pause)) {
                    Pause.of(pause, clock);
                }
            }
            return outcome();
        }

        private void add(String data) throws IOException {
            afterEnd |= ends > 0;
            if (data.equals(DONE)) {
                ends++;
                return;
            }
            JsonNode event = JSON.readTree(data);
            error = event.path("error").path("code").asText(error);
            JsonNode choice = event.path("choices").path(0);
            if (!choice.path("finish_reason").asText("").isEmpty()
                    && !choice.path("finish_reason").isNull()) {
                reasons++;
            }
            String piece = choice.path("delta").path("content").asText("");
            if (firstToken.isEmpty() && !piece.isEmpty()) {
                firstToken = OptionalLong.of(clock.nanoTime());
            }
            text.append(piece);
        }

        private SoakOutcome outcome() {
            if (!error.isEmpty()) {
                return new SoakOutcome.Refused(error);
            }
            if (ends != 1 || reasons != 1 || afterEnd) {
                return new SoakOutcome.WrongEnd(
                        "HTTP: " + reasons + " reasons and " + ends + " ends" + (afterEnd ? ", events after" : ""));
            }
            return new SoakOutcome.Answered(text.toString(), firstToken);
        }
    }

    @Override
    public void close() {
        cutter.shutdownNow();
        http.shutdownNow();
        http.close();
    }
}
