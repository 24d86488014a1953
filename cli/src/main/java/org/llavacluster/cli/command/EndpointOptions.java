package org.llavacluster.cli.command;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.endpoint.LanguageModelEndpoint;
import org.llavacluster.cli.options.OptionRange;
import picocli.CommandLine.Option;

/** A language model behind an OpenAI-style API. */
final class EndpointOptions {

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "An OpenAI-style API, such as https://api.openai.com/v1. Its key is read from the"
                    + " environment variable OPENAI_API_KEY.")
    private String endpoint;

    @Option(
            names = "--per-minute",
            paramLabel = "N",
            description = "Requests that may start in a minute; default ${DEFAULT-VALUE}.")
    private int perMinute = 600;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "Repeats of a request that the endpoint refuses for the moment; default ${DEFAULT-VALUE}.")
    private int retries = 6;

    @Option(
            names = "--reply-timeout",
            paramLabel = "SECONDS",
            description = "Patience for a reply of the endpoint; default ${DEFAULT-VALUE}.")
    private int replyTimeout = 120;

    boolean isGiven() {
        return endpoint != null;
    }

    /**
     * Connects with the first request.
     *
     * @throws CliException if an option is missing or not valid
     */
    LanguageModelEndpoint connect(String modelOption, String model, double temperature) {
        if (endpoint == null) {
            throw new CliException("--endpoint is missing: the URL of an OpenAI-style API");
        }
        if (model == null || model.isBlank()) {
            throw new CliException(modelOption + " is missing: the name of the endpoint's model");
        }
        OptionRange.requireBetween("--per-minute", perMinute, 1, 1_000_000);
        OptionRange.requireBetween("--retries", retries, 0, 100);
        OptionRange.requireBetween("--reply-timeout", replyTimeout, 1, 86_400);
        return new LanguageModelEndpoint(
                uri(), model, temperature, perMinute, Duration.ofSeconds(replyTimeout), retries);
    }

    private URI uri() {
        try {
            URI uri = new URI(endpoint);
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new CliException("--endpoint: " + endpoint + " is not a URL", e);
        }
        throw new CliException("--endpoint: " + endpoint + " is not an http or https URL");
    }
}
