package org.llavacluster.gateway.request;

import java.util.List;
import java.util.Set;
import org.llavacluster.modelio.prompt.Prompt;

/**
 * A prompt with all its tokens counted.
 *
 * @param images in reading order, as many as the prompt has places for
 * @param tokens including image tokens
 * @param ends what ends an answer to such a prompt
 */
public record EncodedPrompt(Prompt prompt, List<ValidRequest.Image> images, int tokens, int imageTokens, Ends ends) {

    public EncodedPrompt {
        images = List.copyOf(images);
    }

    /**
     * Marks that end an answer by default.
     *
     * @param ids generated ids that are not part of the answer
     * @param texts stop strings of the chat template
     */
    public record Ends(Set<Integer> ids, List<String> texts) {

        public Ends {
            ids = Set.copyOf(ids);
            texts = List.copyOf(texts);
        }
    }

    static EncodedPrompt of(Prompt prompt, List<ValidRequest.Image> images, Ends ends) {
        int imageTokens =
                images.stream().mapToInt(image -> image.stored().rows()).sum();
        int textTokens = prompt.segments().stream()
                .mapToInt(segment -> switch (segment) {
                    case Prompt.Tokens(int[] ids) -> ids.length;
                    case Prompt.Image image -> 0;
                })
                .sum();
        return new EncodedPrompt(prompt, images, textTokens + imageTokens, imageTokens, ends);
    }
}
