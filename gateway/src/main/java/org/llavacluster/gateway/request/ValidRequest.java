package org.llavacluster.gateway.request;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.text.prompt.Prompt;

/**
 * A request that keeps every limit and fits the context: the only thing that admission, placement and the pipeline accept. Made by
 * {@link RequestParser}.
 *
 * @param prompt its pictures are the images, by index
 * @param images in reading order; the same image may stand there more than once
 * @param promptTokens image tokens included
 * @param topLogprobs alternatives per token; absent where no log probabilities were asked for
 * @param choices answers to the same prompt
 */
public record ValidRequest(
        Prompt prompt,
        List<Image> images,
        int promptTokens,
        SamplingSettings sampling,
        Ending ending,
        OptionalInt topLogprobs,
        int choices) {

    public ValidRequest {
        images = List.copyOf(images);
        if (prompt.images() != images.size() || promptTokens < 1 || choices < 1) {
            throw new IllegalArgumentException("a prompt of " + promptTokens + " tokens with " + prompt.images()
                    + " pictures, " + images.size() + " images, " + choices + " choices");
        }
    }

    /**
     * What ends an answer.
     *
     * @param minTokens before that many no id ends it, and stop strings are not looked for
     * @param stops the caller's, and those of the chat template
     * @param ids that end it without being part of it
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

    /** @param field where the image stands in the caller's request, for errors */
    public record Image(String field, StoredImage stored) {}

    public int imageTokens() {
        return images.stream().mapToInt(image -> image.stored().rows()).sum();
    }
}
