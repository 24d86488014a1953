package org.llavacluster.systemtest.clients;

/**
 * What a client calls the errors that its callers catch.
 *
 * @param badRequest of status 400
 * @param contextExceeded of a prompt that is too long
 * @param notFound of status 404
 * @param overloaded of status 429
 * @param deadline of status 504
 * @param timeout of a call that took longer than the client waits
 * @param grpc whether they are statuses of gRPC, which have no status of HTTP and no code of OpenAI
 */
record ErrorNames(
        String badRequest,
        String contextExceeded,
        String notFound,
        String overloaded,
        String deadline,
        String timeout,
        boolean grpc) {

    static final ErrorNames OPENAI = new ErrorNames(
            "BadRequestError",
            "BadRequestError",
            "NotFoundError",
            "RateLimitError",
            "InternalServerError",
            "APITimeoutError",
            false);
    static final ErrorNames OPENAI_NODE = new ErrorNames(
            "BadRequestError",
            "BadRequestError",
            "NotFoundError",
            "RateLimitError",
            "InternalServerError",
            "APIConnectionTimeoutError",
            false);
    static final ErrorNames AI_SDK = new ErrorNames(
            "AI_APICallError",
            "AI_APICallError",
            "AI_APICallError",
            "AI_APICallError",
            "AI_APICallError",
            "TimeoutError",
            false);
    static final ErrorNames LANGCHAIN4J = new ErrorNames(
            "InvalidRequestException",
            "InvalidRequestException",
            "ModelNotFoundException",
            "RateLimitException",
            "InternalServerException",
            "TimeoutException",
            false);
    static final ErrorNames LANGCHAIN = new ErrorNames(
            "OpenAIInvalidRequestError",
            "OpenAIContextOverflowError",
            "OpenAIModelNotFoundError",
            "OpenAIRateLimitError",
            "OpenAIAPIError",
            "OpenAITimeoutError",
            false);
    static final ErrorNames GRPC = new ErrorNames(
            "INVALID_ARGUMENT",
            "INVALID_ARGUMENT",
            "NOT_FOUND",
            "RESOURCE_EXHAUSTED",
            "DEADLINE_EXCEEDED",
            "DEADLINE_EXCEEDED",
            true);

    String of(ClientRefusal refusal) {
        return switch (refusal) {
            case CONTEXT -> contextExceeded;
            case UNKNOWN_MODEL -> notFound;
            case BROKEN_IMAGE, REMOTE_IMAGE, UNSUPPORTED_FIELD -> badRequest;
            case OVERLOADED -> overloaded;
            case DEADLINE -> deadline;
        };
    }
}
