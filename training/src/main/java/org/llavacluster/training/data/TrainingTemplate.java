package org.llavacluster.training.data;

import static org.llavacluster.training.data.ConversationRecord.IMAGE_TAG;

import java.util.ArrayList;
import java.util.List;

/**
 * The formats in which LLaVA's trainer writes conversations. The format of v0 differs from the one that serves, and
 * {@code plain} throws the question away.
 */
public enum TrainingTemplate {

    /** LLaVA 1.0 and later, arXiv 2310.03744: {@code USER: ... ASSISTANT: ...</s>}. */
    V1 {
        @Override
        TemplateText render(List<ConversationTurn> turns) {
            List<ConversationTurn> rest = turns.getFirst().isHuman() ? turns : turns.subList(1, turns.size());
            requireAlternating(rest);
            StringBuilder text = new StringBuilder(SYSTEM_OF_USER).append(' ');
            for (ConversationTurn turn : rest) {
                text.append(turn.isHuman() ? "USER:" : "ASSISTANT:");
                if (!turn.text().isEmpty()) {
                    text.append(' ').append(turn.text()).append(turn.isHuman() ? " " : STOP);
                }
            }
            return new TemplateText(text.toString(), List.of());
        }

        private static void requireAlternating(List<ConversationTurn> turns) {
            for (int n = 0; n < turns.size(); n++) {
                if (turns.get(n).isHuman() != (n % 2 == 0)) {
                    throw new UnusableRecordException("two turns of one speaker follow each other");
                }
            }
        }
    },

    /** The text of {@link #V1}, of which everything is to be learned: a language model before it sees images. */
    TEXT {
        @Override
        TemplateText render(List<ConversationTurn> turns) {
            return V1.render(turns);
        }
    },

    /** Stage 1: the image, its caption and a newline. */
    PLAIN {
        @Override
        TemplateText render(List<ConversationTurn> turns) {
            if (turns.size() != 2 || !turns.getFirst().text().contains(IMAGE_TAG)) {
                throw new UnusableRecordException(
                        "template plain takes two turns, the first with " + IMAGE_TAG + ", not " + turns.size());
            }
            return new TemplateText(IMAGE_TAG + turns.getLast().text() + "\n", List.of());
        }
    },

    /** The first LLaVA, arXiv 2304.08485: {@code ### Human: ...} and {@code ### Assistant: ...} in lines. */
    V0 {
        @Override
        TemplateText render(List<ConversationTurn> turns) {
            StringBuilder text = new StringBuilder(SYSTEM_OF_HUMAN).append("\n\n");
            List<TemplateText.Span> targets = new ArrayList<>();
            for (ConversationTurn turn : turns) {
                int start = text.length();
                text.append(MARK).append(turn.isHuman() ? "Human: " : "Assistant: ");
                text.append(turn.text()).append('\n');
                // The marker of the next human turn teaches where an answer ends.
                targets.add(new TemplateText.Span(start, turn.isHuman() ? start + 3 : text.length()));
            }
            targets.add(new TemplateText.Span(text.length(), text.length() + MARK.length()));
            return new TemplateText(text.append(MARK).toString(), targets);
        }
    };

    /** The token that ends an answer of {@link #V1}. */
    static final String STOP = "</s>";

    /** What separates question and answer of {@link #V1}. */
    static final String ANSWER_MARK = " ASSISTANT: ";

    private static final String MARK = "### ";

    private static final String SYSTEM_OF_USER = "A chat between a curious user and an artificial intelligence"
            + " assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.";

    /** Words that every text of {@link #V1} has. */
    public static final String V1_WORDS = SYSTEM_OF_USER + " USER: ASSISTANT:";

    private static final String EACH_PART = "{% for part in message['content'] | selectattr('type', 'equalto', ";

    /** {@link #V1} as a chat template of Hugging Face, for models that were trained with it. */
    public static final String V1_AS_CHAT_TEMPLATE = "{{ '" + SYSTEM_OF_USER.replace("'", "\\'") + " ' }}"
            + "{% for message in messages %}{% if message['role'] == 'user' %}{{ 'USER: ' }}"
            + EACH_PART + "'image') %}{{ '<image>\n' }}{% endfor %}"
            + EACH_PART + "'text') %}{{ part['text'] }}{% endfor %}"
            + "{{ ' ' }}{% elif message['role'] == 'assistant' %}{{ 'ASSISTANT: ' }}"
            + EACH_PART + "'text') %}{{ part['text'] }}{% endfor %}"
            + "{{ '</s>' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}";

    private static final String SYSTEM_OF_HUMAN = SYSTEM_OF_USER.replace("user", "human");

    /**
     * The text of prepared turns, at least one.
     *
     * @throws UnusableRecordException if the template cannot hold them
     */
    abstract TemplateText render(List<ConversationTurn> turns);
}
