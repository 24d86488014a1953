package org.llavacluster.gateway.request;

import java.time.Duration;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.GatewayProperties;

/**
 * Limits of a request, the same for every API and published by ListModels. A value at its limit is accepted; one beyond
 * it is refused with the field, the limit and the value.
 *
 * @param maxImages images of one request
 * @param image limits of one image, checked by its size and header
 * @param maxMessages messages of one conversation
 * @param maxTextBytes bytes of all texts of one request together, in UTF-8
 * @param maxStopStrings stop strings of one request
 * @param maxStopCharacters code points of one stop string
 * @param maxTopLogprobs alternatives per token
 * @param defaultMaxTokens tokens to generate without a limit in the request
 * @param defaultDeadline time for a request without a deadline
 * @param maxDeadline longer deadlines are shortened to this
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

    /** Width times height of all images of a request. */
    public static final long MAX_IMAGE_PIXELS = FixedLimits.REQUEST_PIXELS.value();

    /** OpenAI's range. */
    public static final double MAX_TEMPERATURE = FixedLimits.TEMPERATURE.value();

    /** A lower temperature is greedy, because logits divided by it overflow. */
    public static final double GREEDY_TEMPERATURE = 1e-5;

    /** A larger penalty would only exclude the token. */
    public static final double MAX_REPETITION_PENALTY = FixedLimits.REPETITION_PENALTY.value();

    /** OpenAI's range of the presence and the frequency penalty, on both sides of 0. */
    public static final double MAX_PENALTY = FixedLimits.PENALTY.value();

    /** OpenAI's range of a logit's bias, on both sides of 0. */
    public static final double MAX_LOGIT_BIAS = FixedLimits.LOGIT_BIAS.value();

    /** Each is added in every step. */
    public static final int MAX_BIASED_TOKENS = FixedLimits.LOGIT_BIASES.intValue();

    /** Far more than any model has. */
    public static final int MAX_STOP_TOKEN_IDS = FixedLimits.STOP_TOKEN_IDS.intValue();

    /** Each choice is a sequence of its own in the decoder. */
    /** Priorities reach from minus this to this. */
    public static final int MAX_PRIORITY = FixedLimits.PRIORITY.intValue();

    public static final int MAX_CHOICES = FixedLimits.CHOICES.intValue();

    /** The values without properties. */
    public static final RequestLimits DEFAULTS = new RequestLimits(
            Math.toIntExact(GatewayProperties.MAX_IMAGES.constantDefault()),
            ImageLimits.DEFAULT,
            Math.toIntExact(GatewayProperties.MAX_MESSAGES.constantDefault()),
            GatewayProperties.MAX_TEXT_BYTES.constantDefault(),
            FixedLimits.STOP_STRINGS.intValue(),
            FixedLimits.STOP_CHARACTERS.intValue(),
            FixedLimits.TOP_LOGPROBS.intValue(),
            Math.toIntExact(GatewayProperties.DEFAULT_MAX_TOKENS.constantDefault()),
            GatewayProperties.DEFAULT_DEADLINE.constantDefault(),
            GatewayProperties.MAX_DEADLINE.constantDefault());

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
