package org.llavacluster.systemtest.clients;

/** What every client of the matrix is tried with: a row of the table in {@code docs/clients.md}. */
enum ClientScenario {
    TEXT("a text question", AnswerScenarios::text),
    SYSTEM("a system message", AnswerScenarios::systemMessage),
    TURNS("several turns", AnswerScenarios::turns),
    UNICODE("emoji and CJK", AnswerScenarios::unicode),
    PNG("an image as PNG", AnswerScenarios::png),
    JPEG("an image as JPEG", AnswerScenarios::jpeg),
    WEBP("an image as WebP", AnswerScenarios::webp),
    TWO_IMAGES("two images", AnswerScenarios::twoImages),
    STREAM("a stream: the pieces are the whole answer", AnswerScenarios::stream),
    STREAM_USAGE("a stream that ends with its usage", AnswerScenarios::streamUsage),
    MAX_TOKENS("`max_tokens`", SamplingScenarios::maxTokens),
    MAX_COMPLETION_TOKENS("`max_completion_tokens`", SamplingScenarios::maxCompletionTokens),
    STOP("stop strings", SamplingScenarios::stop),
    SEED("temperature and seed: the same sample again", SamplingScenarios::seed),
    CHOICES("`n`: two choices", SamplingScenarios::choices),
    PENALTIES("presence and frequency penalty", SamplingScenarios::penalties),
    LOGIT_BIAS("`logit_bias`", SamplingScenarios::logitBias),
    LOGPROBS("`logprobs` and `top_logprobs`", SamplingScenarios::logprobs),
    NEUTRAL_FIELDS("fields that ask for what is done anyway", SamplingScenarios::neutralFields),
    CONTEXT("error: the prompt is longer than the context", RefusalScenarios::context),
    UNKNOWN_MODEL("error: a model that is not served", RefusalScenarios::unknownModel),
    BROKEN_IMAGE("error: a file that is not an image", RefusalScenarios::brokenImage),
    REMOTE_IMAGE("error: an image by URL", RefusalScenarios::remoteImage),
    UNSUPPORTED_FIELD("error: a field that is not supported", RefusalScenarios::unsupportedField),
    OVERLOADED("error: overloaded", RefusalScenarios::overloaded),
    RETRY_AFTER("the time after which to try again, on that error", RefusalScenarios::retryAfter),
    DEADLINE("error: the request's own time limit (`x-llava-timeout-ms`)", RefusalScenarios::deadline),
    RETRY("the client's own retry gets through", ConnectionScenarios::retry),
    TIMEOUT("the client's own timeout ends the request", ConnectionScenarios::timeout),
    ABORT("a client that leaves in mid-stream frees its places", ConnectionScenarios::abort),
    REQUEST_ID("the request's id, sent and read", ConnectionScenarios::requestId),
    ERROR_ID("the request's id, read from an error", ConnectionScenarios::errorId),
    MODELS("the list of models", ConnectionScenarios::models);

    /** Tries one client. */
    interface Trial {
        void run(ClientRig rig) throws Exception;
    }

    private final String title;
    private final Trial trial;

    ClientScenario(String title, Trial trial) {
        this.title = title;
        this.trial = trial;
    }

    String title() {
        return title;
    }

    void run(ClientRig rig) throws Exception {
        trial.run(rig);
    }
}
