package org.llavacluster.training.data;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One conversation of a training file.
 *
 * @param id as the file has it; its place in the file if it has none
 * @param image path of its image below the folder of images; absent for text alone
 */
public record ConversationRecord(String id, Optional<String> image, List<ConversationTurn> turns) {

    /** How the published files write the place of an image. */
    public static final String IMAGE_TAG = "<image>";

    public ConversationRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(image, "image");
        turns = List.copyOf(turns);
    }

    /** The conversation without its image and the image's tag. */
    public ConversationRecord withoutImage() {
        return new ConversationRecord(
                id,
                Optional.empty(),
                turns.stream()
                        .map(turn -> new ConversationTurn(
                                turn.speaker(), PythonText.strip(turn.text().replace(IMAGE_TAG, ""))))
                        .toList());
    }

    /** Words of all turns, separated by spaces: the length by which the sampler groups conversations. */
    public int words() {
        int words = 0;
        for (ConversationTurn turn : turns) {
            words += PythonText.words(turn.text());
        }
        return words;
    }

    /** The turns with the image tag at the front of each turn that has it; unchanged without an image. */
    List<ConversationTurn> preparedTurns() {
        return image.isEmpty()
                ? turns
                : turns.stream().map(ConversationRecord::prepared).toList();
    }

    private static ConversationTurn prepared(ConversationTurn turn) {
        if (!turn.text().contains(IMAGE_TAG)) {
            return turn;
        }
        String text = PythonText.strip(turn.text().replace(IMAGE_TAG, ""));
        return new ConversationTurn(turn.speaker(), PythonText.strip(IMAGE_TAG + "\n" + text));
    }
}
