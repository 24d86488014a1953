package org.llavacluster.cli.endpoint;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.Pause;
import org.llavacluster.node.time.Clock;

/**
 * A model behind {@code POST chat/completions} of an OpenAI-style API. The API key is that of the environment variable
 * {@code OPENAI_API_KEY}. Thread-safe.
 *
 * <p>OpenAI's client repeats a request that was refused with 408, 409, 429 or 5xx, after the time of
 * {@code Retry-After} if the refusal has one. A reply that ends early or cannot be read is asked for again here.
 */
public final class LanguageModelEndpoint implements AutoCloseable {

    /** Requests for a reply that can be read. */
    private static final int ATTEMPTS = 3;

    /** Characters of a token, about, where the endpoint does not count them. */
    private static final int CHARS_PER_TOKEN = 4;

    private final OpenAIClient client;
    private final URI address;
    private final String model;
    private final double temperature;
    private final RequestPace pace;

    /**
     * @param address of the API, with its {@code /v1}; a URL without a path gets that path
     * @param perMinute requests that may start in a minute
     * @param patience for a reply
     * @param retries of a request that was refused for the moment
     */
    public LanguageModelEndpoint(
            URI address, String model, double temperature, int perMinute, Duration patience, int retries) {
        this.address = address.getPath().length() > 1 ? address : address.resolve("/v1");
        this.model = model;
        this.temperature = temperature;
        this.pace = new RequestPace(perMinute);
        String key = System.getenv("OPENAI_API_KEY");
        this.client = OpenAIOkHttpClient.builder()
                .baseUrl(this.address.toString())
                .apiKey(key == null || key.isBlank() ? "none" : key)
                .timeout(patience)
                .maxRetries(retries)
                .build();
    }

    /**
     * Asks for a reply.
     *
     * @param mostTokens of the reply
     * @throws EndpointException if this request has no reply after all attempts
     * @throws CliException if no request will have one: the key is refused, or the model or path is unknown
     */
    public EndpointReply ask(List<EndpointMessage> prompt, int mostTokens) {
        ChatCompletionCreateParams request = request(prompt, mostTokens);
        OpenAIException last = null;
        for (int attempt = 0; attempt < ATTEMPTS && !Thread.currentThread().isInterrupted(); attempt++) {
            Pause.until(pace.start(Clock.SYSTEM.nanoTime()), Clock.SYSTEM);
            try {
                return reply(prompt, client.chat().completions().create(request));
            } catch (OpenAIServiceException e) {
                throw refused(e);
            } catch (OpenAIException e) {
                last = e;
            }
        }
        throw new EndpointException(address + ": no reply that can be read in " + ATTEMPTS + " attempts", last);
    }

    private ChatCompletionCreateParams request(List<EndpointMessage> prompt, int mostTokens) {
        ChatCompletionCreateParams.Builder request =
                ChatCompletionCreateParams.builder().model(model).temperature(temperature);
        // The older name of the limit, which every OpenAI-style server knows.
        request.maxTokens(mostTokens);
        for (EndpointMessage message : prompt) {
            switch (message.author()) {
                case SYSTEM -> request.addSystemMessage(message.text());
                case USER -> request.addUserMessage(message.text());
                case ASSISTANT -> request.addAssistantMessage(message.text());
            }
        }
        return request.build();
    }

    private EndpointReply reply(List<EndpointMessage> prompt, ChatCompletion completion) {
        if (completion.choices().isEmpty()) {
            throw new EndpointException(address + ": a reply without choices", null);
        }
        ChatCompletion.Choice choice = completion.choices().getFirst();
        String text = choice.message().content().orElse("");
        long tokens = completion
                .usage()
                .map(usage -> usage.totalTokens())
                .orElseGet(() -> estimatedTokens(prompt) + text.length() / CHARS_PER_TOKEN);
        return new EndpointReply(text, tokens, choice.finishReason().equals(ChatCompletion.Choice.FinishReason.STOP));
    }

    /** Tokens of a prompt, about. */
    public static long estimatedTokens(List<EndpointMessage> prompt) {
        return prompt.stream().mapToLong(message -> message.text().length()).sum() / CHARS_PER_TOKEN;
    }

    private RuntimeException refused(OpenAIServiceException e) {
        return switch (e.statusCode()) {
            case 401, 403 ->
                new CliException(address + ": refused the API key (" + e.statusCode() + "): set OPENAI_API_KEY", e);
            case 404 -> new CliException(address + ": knows no model " + model + ", or has no such path (404)", e);
            default -> new EndpointException(address + ": refused with status " + e.statusCode(), e);
        };
    }

    @Override
    public void close() {
        client.close();
    }
}
