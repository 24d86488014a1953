package org.llavacluster.training.data;

import static org.llavacluster.training.data.ConversationRecord.IMAGE_TAG;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.llavacluster.training.data.ConversationTurn.Speaker;

/** Reads one JSON value of a training file as a record. */
final class RecordReader {

    private static final int MAX_ID_CHARS = 200;

    private RecordReader() {}

    /** The id of a record, or its place in the file: {@code #0} is the first. */
    static String id(JsonNode value, long index) {
        JsonNode id = value.path("id");
        String text = id.isTextual() || id.isIntegralNumber() ? id.asText() : "";
        if (text.isBlank()) {
            return "#" + index;
        }
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() <= MAX_ID_CHARS ? line : line.substring(0, MAX_ID_CHARS);
    }

    /**
     * @throws UnusableRecordException if it is not a conversation as LLaVA's files have them
     */
    static ConversationRecord read(JsonNode value, long index) {
        require(value.isObject(), "is not a JSON object");
        List<ConversationTurn> turns = turns(value.path("conversations"));
        Optional<String> image = image(value.path("image"));
        long tagged =
                turns.stream().filter(turn -> turn.text().contains(IMAGE_TAG)).count();
        require(image.isEmpty() || tagged > 0, "has an image and no " + IMAGE_TAG + " in its turns");
        require(image.isPresent() || tagged == 0, "has " + IMAGE_TAG + " in its turns and no image");
        require(tagged <= 1, "has " + IMAGE_TAG + " in " + tagged + " turns, for one image");
        return new ConversationRecord(id(value, index), image, turns);
    }

    private static Optional<String> image(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        require(value.isTextual() && !value.textValue().isBlank(), "image: must be the path of one file");
        return Optional.of(value.textValue());
    }

    private static List<ConversationTurn> turns(JsonNode value) {
        require(!value.isMissingNode() && !value.isNull(), "has no conversations");
        require(value.isArray(), "conversations: must be a list");
        require(!value.isEmpty(), "conversations: is empty");
        List<ConversationTurn> turns = new ArrayList<>();
        for (int n = 0; n < value.size(); n++) {
            turns.add(turn(value.get(n), "conversations[" + n + "]"));
        }
        return turns;
    }

    private static ConversationTurn turn(JsonNode value, String field) {
        JsonNode from = value.path("from");
        JsonNode text = value.path("value");
        require(from.isTextual(), field + ".from: must be human or gpt");
        require(text.isTextual(), field + ".value: must be a string");
        Speaker speaker =
                switch (from.textValue().toLowerCase(Locale.ROOT)) {
                    case "human" -> Speaker.HUMAN;
                    case "gpt" -> Speaker.GPT;
                    default -> throw new UnusableRecordException(field + ".from: must be human or gpt");
                };
        return new ConversationTurn(speaker, text.textValue());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new UnusableRecordException(otherwise);
        }
    }
}
