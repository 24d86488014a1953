package org.llavacluster.gateway.request;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.modelio.prompt.Prompt;

/**
 * A request that respects every limit and fits the context, the only input of admission, placement and the pipeline.
 * Created by {@link RequestParser}.
 *
 * @param prompt refers to the images by index
 * @param images in reading order; the same image may occur more than once
 * @param promptTokens including image tokens
 * @param topLogprobs alternatives per token; absent without log probabilities
 * @param choices number of answers to the prompt
 * @param priority among the requests of its tenant; higher goes first
 */
public record ValidRequest(
        Prompt prompt,
        List<Image> images,
        int promptTokens,
        SamplingSettings sampling,
        Ending ending,
        OptionalInt topLogprobs,
        int choices,
        int priority) {

    public ValidRequest {
        images = List.copyOf(images);
        if (prompt.images() != images.size() || promptTokens < 1 || choices < 1) {
            throw new IllegalArgumentException("a prompt of " + promptTokens + " tokens with " + prompt.images()
                    + " places of images, " + images.size() + " images, " + choices + " choices");
        }
    }

    /**
     * What ends an answer.
     *
     * @param minTokens number of tokens before any id may end it and stop strings are searched
     * @param stops stop strings of the caller and of the chat template
     * @param ids ids that end it without being part of it
     */
    public record Ending(int maxTokens, int minTokens, List<String> stops, Set<Integer> ids) {

        public Ending {
            stops = List.copyOf(stops);
            ids = Set.copyOf(ids);
            if (maxTokens < 1 || minTokens < 0 || minTokens > maxTokens) {
                throw new IllegalArgumentException("an answer of " + minTokens + " to " + maxTokens + " tokens");
            }
        }
    }

    /**
     * @param field its place in the caller's request, for errors
     */
    public record Image(String field, StoredImage stored) {}

    /** Of all images. */
    public long pixels() {
        return images.stream().mapToLong(image -> image.stored().pixels()).sum();
    }

    public int imageTokens() {
        return images.stream().mapToInt(image -> image.stored().rows()).sum();
    }
}
