package org.llavacluster.gateway.request;

import java.time.Duration;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.GatewayProperties;
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
    public static final double MAX_TEMPERATURE = FixedLimits.TEMPERATURE.value();

    /** Below this a temperature is greedy: logits divided by it overflow. */
    public static final double GREEDY_TEMPERATURE = 1e-5;

    /** Beyond this a penalty only ever takes the token out. */
    public static final double MAX_REPETITION_PENALTY = FixedLimits.REPETITION_PENALTY.value();

    /** OpenAI's range of the presence and the frequency penalty, on both sides of 0. */
    public static final double MAX_PENALTY = FixedLimits.PENALTY.value();

    /** OpenAI's range of a logit's bias, on both sides of 0. */
    public static final double MAX_LOGIT_BIAS = FixedLimits.LOGIT_BIAS.value();

    /** Each is added in every step. */
    public static final int MAX_BIASED_TOKENS = FixedLimits.LOGIT_BIASES.intValue();

    /** Far more than the ends of any model. */
    public static final int MAX_STOP_TOKEN_IDS = FixedLimits.STOP_TOKEN_IDS.intValue();

    /** Each choice is a sequence of its own in the decoder. */
    public static final int MAX_CHOICES = FixedLimits.CHOICES.intValue();

    /** Those that hold where no property says otherwise. */
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
