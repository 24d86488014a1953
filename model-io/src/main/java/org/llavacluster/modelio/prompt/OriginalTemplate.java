package org.llavacluster.modelio.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.llavacluster.modelio.jinja.Rope;
import org.llavacluster.modelio.jinja.RopeBuilder;
import org.llavacluster.modelio.prompt.ChatMessage.Image;
import org.llavacluster.modelio.prompt.ChatMessage.Part;
import org.llavacluster.modelio.prompt.ChatMessage.Role;
import org.llavacluster.modelio.prompt.ChatMessage.Text;

/**
 * The conversation templates of the original LLaVA code, under its names. A user's images come before the text, each
 * with a newline after it. A system message replaces the template's own.
 */
enum OriginalTemplate implements ChatTemplate {
    VICUNA_V1(Shape.TWO_SEPARATORS, Texts.CURIOUS_USER, List.of()),
    LLAVA_V1(Shape.TWO_SEPARATORS, Texts.CURIOUS_HUMAN, List.of()),
    LLAVA_V0(Shape.HASHES, Texts.CURIOUS_HUMAN, List.of(Texts.HASHES)),
    V0(Shape.HASHES_AFTER_EXAMPLE, Texts.CURIOUS_HUMAN, List.of(Texts.HASHES)),
    V1_MMTAG(Shape.TWO_SEPARATORS_TAGGED, Texts.TAGGED, List.of()),
    V0_MMTAG(Shape.HASHES_TAGGED, Texts.TAGGED, List.of(Texts.HASHES)),
    LLAVA_LLAMA_2(Shape.INSTRUCTIONS, Texts.LANGUAGE_AND_VISION, List.of()),
    LLAMA_2(Shape.INSTRUCTIONS, Texts.SAFE, List.of()),
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

    /**
     * The template under any name of the original code: {@code v1} is {@code vicuna_v1}, {@code default} is {@code v0}.
     */
    static Optional<OriginalTemplate> named(String name) {
        String full =
                switch (name) {
                    case "v1" -> "vicuna_v1";
                    case "default" -> "v0";
                    case "v0_plain" -> "plain";
                    default -> name;
                };
        return Arrays.stream(values())
                .filter(template -> template.templateName().equals(full))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(OriginalTemplate::templateName).toList();
    }

    /** The template that the original code uses for a model of this name. */
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
    public Rope render(List<ChatMessage> messages) {
        List<Turn> turns = new ArrayList<>();
        RopeBuilder given = new RopeBuilder();
        for (ChatMessage message : messages) {
            if (message.role() == Role.SYSTEM) {
                if (!turns.isEmpty()) {
                    throw new PromptException("messages: a system message must come first");
                }
                given.append(given.rope().isEmpty() ? "" : "\n")
                        .append(turn(message).text());
            } else {
                turns.add(turn(message));
            }
        }
        if (turns.isEmpty() || turns.getLast().assistant()) {
            throw new PromptException("messages: the last one must be the user's");
        }
        Rope own = given.rope();
        return shape.render(own.isEmpty() ? Rope.of(system) : own, turns);
    }

    /** The text of one turn, and the number of images before it. */
    private record Turn(boolean assistant, int images, Rope text) {

        /** {@code <image>} for each image with {@code after} it, then the text. */
        Rope withImages() {
            return new RopeBuilder()
                    .append((Texts.IMAGE + "\n").repeat(images))
                    .append(text)
                    .rope();
        }
    }

    private static Turn turn(ChatMessage message) {
        RopeBuilder texts = new RopeBuilder();
        int count = 0;
        int images = 0;
        for (Part part : message.parts()) {
            switch (part) {
                case Text text -> texts.append(count++ > 0 ? "\n" : "").append(text.text(), true);
                case Image _ -> images++;
            }
        }
        if (images > 0 && message.role() != Role.USER) {
            throw new PromptException("messages: only a user's message can hold images under this chat template");
        }
        return new Turn(message.role() == Role.ASSISTANT, images, texts.rope());
    }

    /** How turns are formatted. */
    private enum Shape {
        TWO_SEPARATORS {
            @Override
            Rope render(Rope system, List<Turn> turns) {
                return colons(system, " ", turns, "USER", "ASSISTANT", " ", "</s>");
            }
        },
        TWO_SEPARATORS_TAGGED {
            @Override
            Rope render(Rope system, List<Turn> turns) {
                return colons(system, " ", tagged(turns), "USER", "ASSISTANT", " ", "</s>");
            }
        },
        HASHES {
            @Override
            Rope render(Rope system, List<Turn> turns) {
                return colons(system, Texts.HASHES, turns, "Human", "Assistant", Texts.HASHES, Texts.HASHES);
            }
        },
        HASHES_AFTER_EXAMPLE {
            @Override
            Rope render(Rope system, List<Turn> turns) {
                List<Turn> all = new ArrayList<>();
                all.add(new Turn(false, 0, Rope.of(Texts.EXAMPLE_QUESTION)));
                all.add(new Turn(true, 0, Rope.of(Texts.EXAMPLE_ANSWER)));
                all.addAll(turns);
                return HASHES.render(system, all);
            }
        },
        HASHES_TAGGED {
            @Override
            Rope render(Rope system, List<Turn> turns) {
                return HASHES.render(system, tagged(turns));
            }
        },
        INSTRUCTIONS {
            @Override
            Rope render(Rope system, List<Turn> turns) {
                return instructions(system, turns, "<s>");
            }
        },
        INSTRUCTIONS_WITHOUT_START {
            @Override
            Rope render(Rope system, List<Turn> turns) {
                return instructions(system, turns, "");
            }
        },
        CHATML {
            @Override
            Rope render(Rope system, List<Turn> turns) {
                RopeBuilder prompt = new RopeBuilder();
                prompt.append("<|im_start|>system\n").append(system).append(Texts.IM_END);
                for (Turn turn : turns) {
                    prompt.append(turn.assistant() ? Texts.ASSISTANT_START : "<|im_start|>user\n")
                            .append(turn.withImages())
                            .append(Texts.IM_END);
                }
                return prompt.append(Texts.ASSISTANT_START).rope();
            }
        },
        PLAIN {
            @Override
            Rope render(Rope system, List<Turn> turns) {
                RopeBuilder prompt = new RopeBuilder().append(system);
                for (Turn turn : turns) {
                    prompt.append(Texts.IMAGE.repeat(turn.images()))
                            .append(turn.images() > 0 && !turn.text().isEmpty() ? "\n" : "")
                            .append(turn.text())
                            .append("\n");
                }
                return prompt.rope();
            }
        };

        abstract Rope render(Rope system, List<Turn> turns);

        private static Rope colons(
                Rope system,
                String afterSystem,
                List<Turn> turns,
                String user,
                String assistant,
                String afterUser,
                String afterAssistant) {
            RopeBuilder prompt = new RopeBuilder().append(system).append(afterSystem);
            for (Turn turn : turns) {
                prompt.append(turn.assistant() ? assistant : user).append(":");
                Rope said = turn.withImages();
                if (!said.isEmpty()) {
                    prompt.append(" ").append(said).append(turn.assistant() ? afterAssistant : afterUser);
                }
            }
            return prompt.append(assistant).append(":").rope();
        }

        /** LLaMA 2's format. The very first start mark is added by the tokenizer. */
        private static Rope instructions(Rope system, List<Turn> turns, String start) {
            if (turns.getFirst().assistant()) {
                throw new PromptException("messages: the first one must be the user's");
            }
            RopeBuilder prompt = new RopeBuilder();
            boolean first = true;
            for (Turn turn : turns) {
                if (turn.assistant()) {
                    prompt.append(" ").append(turn.text()).append(" </s>");
                    continue;
                }
                prompt.append(first ? "" : start).append("[INST] ");
                if (first && !system.isEmpty()) {
                    prompt.append("<<SYS>>\n").append(system).append("\n<</SYS>>\n\n");
                }
                prompt.append(turn.withImages()).append(" [/INST]");
                first = false;
            }
            return prompt.rope();
        }

        /** Images in a separate first turn, which the model was trained to confirm. */
        private static List<Turn> tagged(List<Turn> turns) {
            int images = turns.stream().mapToInt(Turn::images).sum();
            if (images == 0) {
                return turns;
            }
            List<Turn> tagged = new ArrayList<>();
            tagged.add(new Turn(false, 0, Rope.of(("<Image>" + Texts.IMAGE + "</Image>").repeat(images))));
            tagged.add(new Turn(true, 0, Rope.of("Received.")));
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
        static final String SAFE = "You are a helpful, respectful and honest assistant. Always answer as helpfully as "
                + "possible, while being safe.  Your answers should not include any harmful, unethical, "
                + "racist, sexist, toxic, dangerous, or illegal content. Please ensure that your responses "
                + "are socially unbiased and positive in nature.\n\n"
                + "If a question does not make any sense, or is not factually coherent, explain why instead "
                + "of answering something not correct. If you don't know the answer to a question, please "
                + "don't share false information.";
        static final String EXAMPLE_QUESTION =
                "What are the key differences between renewable and non-renewable energy sources?";
        static final String EXAMPLE_ANSWER =
                "Renewable energy sources are those that can be replenished naturally in a relatively "
                        + "short amount of time, such as solar, wind, hydro, geothermal, and biomass. Non-renewable "
                        + "energy sources, on the other hand, are finite and will eventually be depleted, such as "
                        + "coal, oil, and natural gas. Here are some key differences between renewable and "
                        + "non-renewable energy sources:\n"
                        + "1. Availability: Renewable energy sources are virtually inexhaustible, while "
                        + "non-renewable energy sources are finite and will eventually run out.\n"
                        + "2. Environmental impact: Renewable energy sources have a much lower environmental impact "
                        + "than non-renewable sources, which can lead to air and water pollution, greenhouse gas "
                        + "emissions, and other negative effects.\n"
                        + "3. Cost: Renewable energy sources can be more expensive to initially set up, but they "
                        + "typically have lower operational costs than non-renewable sources.\n"
                        + "4. Reliability: Renewable energy sources are often more reliable and can be used in more "
                        + "remote locations than non-renewable sources.\n"
                        + "5. Flexibility: Renewable energy sources are often more flexible and can be adapted to "
                        + "different situations and needs, while non-renewable sources are more rigid and inflexible."
                        + "\n"
                        + "6. Sustainability: Renewable energy sources are more sustainable over the long term, "
                        + "while non-renewable sources are not, and their depletion can lead to economic and social "
                        + "instability.\n";
        static final String MPT = "A conversation between a user and an LLM-based AI assistant. "
                + "The assistant gives helpful and honest answers.";
    }
}
