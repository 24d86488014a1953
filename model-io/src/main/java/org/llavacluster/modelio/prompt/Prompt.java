package org.llavacluster.modelio.prompt;

import java.util.List;

/** A prompt as the decoder sees it, before images are expanded to rows. */
public record Prompt(List<Segment> segments) {

    public Prompt {
        segments = List.copyOf(segments);
    }

    /** A run of tokens, or the place of an image. */
    public sealed interface Segment {}

    /** Token ids. An id equal to the image token's is only a token. The array must not be changed. */
    public record Tokens(int[] ids) implements Segment {}

    /**
     * @param index index of the image in the request, from 0
     */
    public record Image(int index) implements Segment {}

    /** Number of images in the prompt. */
    public int images() {
        return (int) segments.stream().filter(Image.class::isInstance).count();
    }
}
