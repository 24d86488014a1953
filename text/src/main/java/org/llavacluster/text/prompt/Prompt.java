package org.llavacluster.text.prompt;

import java.util.List;

/** A prompt as the decoder sees it, pictures not yet expanded to rows. */
public record Prompt(List<Segment> segments) {

    public Prompt {
        segments = List.copyOf(segments);
    }

    /** A run of tokens, or the place of a picture. */
    public sealed interface Segment {}

    /** Ids as they are: one that equals the image token's id is only a token. The caller must not write to the array. */
    public record Tokens(int[] ids) implements Segment {}

    /** @param index of the picture in the request, from 0 */
    public record Image(int index) implements Segment {}

    /** How many pictures the prompt has places for. */
    public int images() {
        return (int) segments.stream().filter(Image.class::isInstance).count();
    }
}
