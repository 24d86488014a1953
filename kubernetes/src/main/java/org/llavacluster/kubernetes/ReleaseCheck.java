package org.llavacluster.kubernetes;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.node.time.Clock;

/**
 * Checks that a release answers: the gateway is ready and lists a model. It repeats both until they hold or the time is
 * over, because pods start at their own pace.
 *
 * <p>The program of {@code helm test}: it runs in the gateway's image, which has no shell.
 */
public final class ReleaseCheck {

    private static final Duration REQUEST_TIME = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int OK = 200;

    /** The body of the list of models, without a parser: {@code {"object":"list","data":[{"id":"NAME"...}. */
    private static final Pattern MODEL = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

    private final HttpClient client;
    private final URI gateway;

    ReleaseCheck(HttpClient client, URI gateway) {
        this.client = client;
        this.gateway = gateway;
    }

    /** @param arguments the gateway's URL and how many seconds to wait for it */
    public static void main(String[] arguments) throws InterruptedException {
        URI gateway = URI.create(arguments[0]);
        Duration most = Duration.ofSeconds(Long.parseLong(arguments[1]));
        HttpClient client = HttpClient.newBuilder().connectTimeout(REQUEST_TIME).build();
        System.out.println("asking " + gateway + " for at most " + most.toSeconds() + " s");
        Optional<String> fault = new ReleaseCheck(client, gateway).until(Clock.SYSTEM.nanoTime() + most.toNanos());
        fault.ifPresent(reason -> System.out.println("the release does not answer: " + reason));
        System.exit(fault.isPresent() ? 1 : 0);
    }

    /** What is wrong at the end of the time; empty as soon as the release answers. */
    Optional<String> until(long endNanos) throws InterruptedException {
        Optional<String> fault = fault();
        while (fault.isPresent() && endNanos - Clock.SYSTEM.nanoTime() > 0) {
            LockSupport.parkNanos(this, PAUSE.toNanos());
            fault = fault();
        }
        return fault;
    }

    private Optional<String> fault() throws InterruptedException {
        try {
            HttpResponse<String> health = get("/q/health/ready");
            if (health.statusCode() != OK) {
                return Optional.of("/q/health/ready answers " + health.statusCode() + ": " + oneLine(health.body()));
            }
            HttpResponse<String> models = get("/v1/models");
            Matcher model = MODEL.matcher(models.body());
            if (models.statusCode() != OK || !model.find()) {
                return Optional.of(
                        "/v1/models answers " + models.statusCode() + " without a model: " + oneLine(models.body()));
            }
            System.out.println("the gateway is ready and serves " + model.group(1));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(gateway + ": " + e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(gateway.resolve(path))
                        .timeout(REQUEST_TIME)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String oneLine(String body) {
        return body.replaceAll("\\s+", " ").strip();
    }
}
