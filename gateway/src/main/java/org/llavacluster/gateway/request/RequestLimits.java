package org.llavacluster.gateway.request;

import java.time.Duration;
import org.llavacluster.text.image.ImageLimits;

/**
 * What a request may ask for, the same for every API and published by ListModels. A value at its limit is accepted, one beyond
 * it is refused with the field, the limit and the value.
 *
 * @param maxImages of one request
 * @param image of one image, known from its size and header
 * @param maxMessages of one conversation
 * @param maxTextBytes of all texts of one request together, in UTF-8
 * @param maxStopStrings of one request
 * @param maxStopCharacters of one stop string, in code points
 * @param maxTopLogprobs alternatives per token
 * @param defaultMaxTokens most tokens to generate where the request does not say
 * @param defaultDeadline time for a request that brings none
 * @param maxDeadline a longer one is shortened to this
 */
public record RequestLimits(
        int maxImages,
        ImageLimits image,
        int maxMessages,
        long maxTextBytes,
        int maxStopStrings,
        int maxStopCharacters,
        int maxTopLogprobs,
        int defaultMaxTokens,
        Duration defaultDeadline,
        Duration maxDeadline) {

    /** Width times height of all images of a request: four of the largest, or twenty photographs of 12 megapixels. */
    public static final long MAX_IMAGE_PIXELS = 1L << 28;

    /** OpenAI's range. */
    public static final double MAX_TEMPERATURE = 2;

    /** Below this a temperature is greedy: logits divided by it overflow. */
    public static final double GREEDY_TEMPERATURE = 1e-5;

    /** Beyond this a penalty only ever takes the token out. */
    public static final double MAX_REPETITION_PENALTY = 100;

    /** OpenAI's range of the presence and the frequency penalty, on both sides of 0. */
    public static final double MAX_PENALTY = 2;

    /** OpenAI's range of a logit's bias, on both sides of 0. */
    public static final double MAX_LOGIT_BIAS = 100;

    /** Each is added in every step. */
    public static final int MAX_BIASED_TOKENS = 1024;

    /** Far more than the ends of any model. */
    public static final int MAX_STOP_TOKEN_IDS = 256;

    /** Each choice is a sequence of its own in the decoder. */
    public static final int MAX_CHOICES = 8;

    /**
     * Sixteen pictures of a phone's camera; a text of a quarter megabyte is far beyond what any LLaMA context holds and is
     * still tokenized in milliseconds; ten minutes suffice for a thousand tokens of a 7B model on two CPU cores.
     */
    public static final RequestLimits DEFAULTS = new RequestLimits(
            16, ImageLimits.DEFAULT, 256, 256L << 10, 16, 256, 20, 1024, Duration.ofMinutes(10), Duration.ofHours(1));

    public RequestLimits {
        if (maxImages < 0
                || maxMessages < 1
                || maxTextBytes < 1
                || maxStopStrings < 0
                || maxStopCharacters < 1
                || maxTopLogprobs < 0
                || defaultMaxTokens < 1
                || !defaultDeadline.isPositive()
                || maxDeadline.compareTo(defaultDeadline) < 0) {
            throw new IllegalArgumentException("limits that exclude each other or every request");
        }
    }
}
