package org.llavacluster.clustertest.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A streamed answer.
 *
 * @param text of the whole answer, escaped as it came in JSON
 * @param fault why it is not whole; empty if it is
 * @param firstMillis from the request to the first piece of the answer
 * @param pauseMillis longest time between two pieces
 */
record LoadAnswer(String text, String fault, long firstMillis, long pauseMillis) {

    private static final Pattern CONTENT = Pattern.compile("\"content\":\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern FINISH = Pattern.compile("\"finish_reason\":\"(\\w+)\"");
    private static final String DATA = "data: ";
    private static final Duration LONGEST = Duration.ofMinutes(3);

    /** Asks and reads the answer to its end. */
    static LoadAnswer to(HttpClient client, URI gateway, String body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .timeout(LONGEST)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        Reading reading = new Reading();
        try {
            HttpResponse<Stream<String>> response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() != 200) {
                    return reading.failed("status " + response.statusCode() + ": " + String.join(" ", lines.toList()));
                }
                for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
                    reading.add(each.next());
                }
            }
            return reading.ended();
        } catch (IOException | java.io.UncheckedIOException e) {
            return reading.failed(e.toString());
        }
    }

    private static final class Reading {
        private final StringBuilder text = new StringBuilder();
        private final long start = System.nanoTime();
        private long last = start;
        private long first;
        private long pause;
        private String finish = "";
        private String error = "";
        private boolean done;

        void add(String line) {
            if (!line.startsWith(DATA)) {
                return;
            }
            done = line.equals(DATA + "[DONE]");
            if (line.startsWith(DATA + "{\"error\"")) {
                error = line;
            }
            Matcher content = CONTENT.matcher(line);
            if (content.find() && !content.group(1).isEmpty()) {
                piece(content.group(1));
            }
            Matcher reason = FINISH.matcher(line);
            if (reason.find()) {
                finish = reason.group(1);
            }
        }

        private void piece(String piece) {
            long now = System.nanoTime();
            if (text.isEmpty()) {
                first = now - start;
            } else {
                pause = Math.max(pause, now - last);
            }
            last = now;
            text.append(piece);
        }

        LoadAnswer ended() {
            if (!error.isEmpty()) {
                return failed(error);
            }
            return done && finish.equals("length")
                    ? answer("")
                    : failed("finish reason '" + finish + "', " + (done ? "with" : "without") + " an end");
        }

        LoadAnswer failed(String fault) {
            return answer("after " + text.length() + " characters and " + millis(System.nanoTime() - start) + " ms: "
                    + fault);
        }

        private LoadAnswer answer(String fault) {
            return new LoadAnswer(text.toString(), fault, millis(first), millis(pause));
        }

        private static long millis(long nanos) {
            return Duration.ofNanos(nanos).toMillis();
        }
    }
}
