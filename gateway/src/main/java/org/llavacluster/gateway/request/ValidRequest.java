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
 * @param stops the caller's, and those of the chat template
 * @param endIds ids that end the answer without being part of it
 * @param topLogprobs alternatives per token; absent where no log probabilities were asked for
 */
public record ValidRequest(
        Prompt prompt,
        List<Image> images,
        int promptTokens,
        int maxTokens,
        SamplingSettings sampling,
        List<String> stops,
        Set<Integer> endIds,
        OptionalInt topLogprobs) {

    public ValidRequest {
        images = List.copyOf(images);
        stops = List.copyOf(stops);
        endIds = Set.copyOf(endIds);
        if (prompt.pictures() != images.size() || promptTokens < 1 || maxTokens < 1) {
            throw new IllegalArgumentException("a prompt of " + promptTokens + " tokens with " + prompt.pictures()
                    + " pictures, " + images.size() + " images, " + maxTokens + " tokens to generate");
        }
    }

    /** @param field where the image stands in the caller's request, for errors */
    public record Image(String field, StoredImage stored) {}

    public int imageTokens() {
        return images.stream().mapToInt(image -> image.stored().rows()).sum();
    }
}
