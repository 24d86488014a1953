package org.llavacluster.text.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.llavacluster.text.prompt.ChatMessage.Part;
import org.llavacluster.text.prompt.ChatMessage.Picture;
import org.llavacluster.text.prompt.ChatMessage.Role;
import org.llavacluster.text.prompt.ChatMessage.Text;

/**
 * The conversation templates of the original LLaVA code, by the names it gives them. A user's pictures come before their words, each
 * with a newline after it. A system message takes the place of the template's own.
 */
enum OriginalTemplate implements ChatTemplate {
    VICUNA_V1(Shape.TWO_SEPARATORS, Texts.CURIOUS_USER, List.of()),
    LLAVA_V1(Shape.TWO_SEPARATORS, Texts.CURIOUS_HUMAN, List.of()),
    LLAVA_V0(Shape.HASHES, Texts.CURIOUS_HUMAN, List.of(Texts.HASHES)),
    V1_MMTAG(Shape.TWO_SEPARATORS_TAGGED, Texts.TAGGED, List.of()),
    V0_MMTAG(Shape.HASHES_TAGGED, Texts.TAGGED, List.of(Texts.HASHES)),
    LLAVA_LLAMA_2(Shape.INSTRUCTIONS, Texts.LANGUAGE_AND_VISION, List.of()),
    MISTRAL_INSTRUCT(Shape.INSTRUCTIONS_WITHOUT_START, "", List.of()),
    CHATML_DIRECT(Shape.CHATML, "Answer the questions.", List.of(Texts.IM_END)),
    MPT(Shape.CHATML, Texts.MPT, List.of(Texts.IM_END)),
    PLAIN(Shape.PLAIN, "", List.of("\n"));

    private final Shape shape;
    private final String system;
    private final List<String> stops;

    OriginalTemplate(Shape shape, String system, List<String> stops) {
        this.shape = shape;
        this.system = system;
        this.stops = stops;
    }

    /** By name; {@code v1} is another one for {@code vicuna_v1}. */
    static Optional<OriginalTemplate> named(String name) {
        String full = name.equals("v1") ? "vicuna_v1" : name;
        return Arrays.stream(values())
                .filter(template -> template.templateName().equals(full))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(OriginalTemplate::templateName).toList();
    }

    /** The template that the original code takes for a model of this name. */
    static OriginalTemplate forModel(String modelName) {
        String name = modelName.toLowerCase(Locale.ROOT);
        if (name.contains("llama-2")) {
            return LLAVA_LLAMA_2;
        }
        if (name.contains("mistral") || name.contains("mixtral")) {
            return name.contains("hermes") ? CHATML_DIRECT : MISTRAL_INSTRUCT;
        }
        if (name.contains("v1.6-34b")) {
            return CHATML_DIRECT;
        }
        boolean tagged = name.contains("mmtag") || name.contains("plain") && !name.contains("finetune");
        if (name.contains("v1")) {
            return tagged ? V1_MMTAG : LLAVA_V1;
        }
        if (name.contains("mpt")) {
            return MPT;
        }
        return tagged ? V0_MMTAG : LLAVA_V0;
    }

    String templateName() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<String> stops() {
        return stops;
    }

    @Override
    public String render(List<ChatMessage> messages) {
        List<Turn> turns = new ArrayList<>();
        StringBuilder given = new StringBuilder();
        for (ChatMessage message : messages) {
            if (message.role() == Role.SYSTEM) {
                if (!turns.isEmpty()) {
                    throw new PromptException("messages: a system message must come first");
                }
                given.append(given.isEmpty() ? "" : "\n").append(turn(message).text());
            } else {
                turns.add(turn(message));
            }
        }
        if (turns.isEmpty() || turns.getLast().assistant()) {
            throw new PromptException("messages: the last one must be the user's");
        }
        return shape.render(given.isEmpty() ? system : given.toString(), turns);
    }

    /** What one side says, and how many pictures come before it. */
    private record Turn(boolean assistant, int pictures, String text) {

        /** {@code <image>} for each picture with {@code after} it, then the words. */
        String withPictures() {
            return (Texts.IMAGE + "\n").repeat(pictures) + text;
        }
    }

    private static Turn turn(ChatMessage message) {
        List<String> texts = new ArrayList<>();
        int pictures = 0;
        for (Part part : message.parts()) {
            switch (part) {
                case Text text -> texts.add(text.text());
                case Picture _ -> pictures++;
            }
        }
        if (pictures > 0 && message.role() != Role.USER) {
            throw new PromptException("messages: only a user's message can hold images under this chat template");
        }
        return new Turn(message.role() == Role.ASSISTANT, pictures, String.join("\n", texts));
    }

    /** How turns are set. */
    private enum Shape {
        TWO_SEPARATORS {
            @Override
            String render(String system, List<Turn> turns) {
                return colons(system + " ", turns, "USER", "ASSISTANT", " ", "</s>");
            }
        },
        TWO_SEPARATORS_TAGGED {
            @Override
            String render(String system, List<Turn> turns) {
                return colons(system + " ", tagged(turns), "USER", "ASSISTANT", " ", "</s>");
            }
        },
        HASHES {
            @Override
            String render(String system, List<Turn> turns) {
                return colons(system + Texts.HASHES, turns, "Human", "Assistant", Texts.HASHES, Texts.HASHES);
            }
        },
        HASHES_TAGGED {
            @Override
            String render(String system, List<Turn> turns) {
                return colons(system + Texts.HASHES, tagged(turns), "Human", "Assistant", Texts.HASHES, Texts.HASHES);
            }
        },
        INSTRUCTIONS {
            @Override
            String render(String system, List<Turn> turns) {
                return instructions(system, turns, "<s>");
            }
        },
        INSTRUCTIONS_WITHOUT_START {
            @Override
            String render(String system, List<Turn> turns) {
                return instructions(system, turns, "");
            }
        },
        CHATML {
            @Override
            String render(String system, List<Turn> turns) {
                StringBuilder prompt = new StringBuilder("<|im_start|>system\n" + system + Texts.IM_END);
                for (Turn turn : turns) {
                    prompt.append(turn.assistant() ? Texts.ASSISTANT_START : "<|im_start|>user\n")
                            .append(turn.withPictures())
                            .append(Texts.IM_END);
                }
                return prompt.append(Texts.ASSISTANT_START).toString();
            }
        },
        PLAIN {
            @Override
            String render(String system, List<Turn> turns) {
                StringBuilder prompt = new StringBuilder(system);
                for (Turn turn : turns) {
                    String pictures = Texts.IMAGE.repeat(turn.pictures());
                    prompt.append(pictures)
                            .append(turn.pictures() > 0 && !turn.text().isEmpty() ? "\n" : "");
                    prompt.append(turn.text()).append("\n");
                }
                return prompt.toString();
            }
        };

        abstract String render(String system, List<Turn> turns);

        private static String colons(
                String start,
                List<Turn> turns,
                String user,
                String assistant,
                String afterUser,
                String afterAssistant) {
            StringBuilder prompt = new StringBuilder(start);
            for (Turn turn : turns) {
                prompt.append(turn.assistant() ? assistant : user).append(':');
                if (!turn.withPictures().isEmpty()) {
                    prompt.append(' ')
                            .append(turn.withPictures())
                            .append(turn.assistant() ? afterAssistant : afterUser);
                }
            }
            return prompt.append(assistant).append(':').toString();
        }

        /** LLaMA-2's. The very first start mark is left to the tokenizer. */
        private static String instructions(String system, List<Turn> turns, String start) {
            if (turns.getFirst().assistant()) {
                throw new PromptException("messages: the first one must be the user's");
            }
            StringBuilder prompt = new StringBuilder();
            boolean first = true;
            for (Turn turn : turns) {
                if (turn.assistant()) {
                    prompt.append(' ').append(turn.text()).append(" </s>");
                    continue;
                }
                String header = first && !system.isEmpty() ? "<<SYS>>\n" + system + "\n<</SYS>>\n\n" : "";
                prompt.append(first ? "" : start)
                        .append("[INST] ")
                        .append(header)
                        .append(turn.withPictures())
                        .append(" [/INST]");
                first = false;
            }
            return prompt.toString();
        }

        /** Pictures in a first turn of their own, which the model has been taught to confirm. */
        private static List<Turn> tagged(List<Turn> turns) {
            int pictures = turns.stream().mapToInt(Turn::pictures).sum();
            if (pictures == 0) {
                return turns;
            }
            List<Turn> tagged = new ArrayList<>();
            tagged.add(new Turn(false, 0, ("<Image>" + Texts.IMAGE + "</Image>").repeat(pictures)));
            tagged.add(new Turn(true, 0, "Received."));
            turns.forEach(turn -> tagged.add(new Turn(turn.assistant(), 0, turn.text())));
            return tagged;
        }
    }

    /** Fixed strings, byte for byte those that the checkpoints were trained on. */
    private static final class Texts {

        static final String IMAGE = PromptEncoder.ORIGINAL_IMAGE;
        static final String HASHES = "###";
        static final String IM_END = "<|im_end|>";
        static final String ASSISTANT_START = "<|im_start|>assistant\n";
        static final String CURIOUS_USER = "A chat between a curious user and an artificial intelligence assistant. "
                + "The assistant gives helpful, detailed, and polite answers to the user's questions.";
        static final String CURIOUS_HUMAN = "A chat between a curious human and an artificial intelligence assistant. "
                + "The assistant gives helpful, detailed, and polite answers to the human's questions.";
        static final String TAGGED = "A chat between a curious user and an artificial intelligence assistant. "
                + "The assistant is able to understand the visual content that the user provides, "
                + "and assist the user with a variety of tasks using natural language."
                + "The visual content will be provided with the following format: <Image>visual content</Image>.";
        static final String LANGUAGE_AND_VISION = "You are a helpful language and vision assistant. "
                + "You are able to understand the visual content that the user provides, "
                + "and assist the user with a variety of tasks using natural language.";
        static final String MPT = "A conversation between a user and an LLM-based AI assistant. "
                + "The assistant gives helpful and honest answers.";
    }
}
