package org.llavacluster.training.scenes;

import static org.llavacluster.training.scenes.SceneGrammar.pick;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.llavacluster.training.data.ConversationFileWriter;
import org.llavacluster.training.data.ConversationRecord;
import org.llavacluster.training.data.ConversationTurn;
import org.llavacluster.training.data.ConversationTurn.Speaker;
import org.llavacluster.training.data.TrainingDataException;

/** Instruction data that a grammar writes from annotations, without any language model. */
public final class SceneConversations {

    private static final int FEWEST_TURNS = 3;
    private static final int MOST_TURNS = 6;

    private final ImageAnnotations annotations;
    private final SceneQuestions questions;
    private final SceneReasoning reasoning;
    private final long seed;

    public SceneConversations(ImageAnnotations annotations, long seed) {
        this.annotations = annotations;
        this.questions = new SceneQuestions(annotations.names());
        this.reasoning = new SceneReasoning(annotations.categories());
        this.seed = seed;
    }

    /**
     * Writes a record of each kind for each image that has what the kind needs.
     *
     * @param out is replaced
     * @return the number of records
     * @throws TrainingDataException if there is nothing to write
     */
    public int write(Path out, Set<InstructionKind> kinds) throws IOException {
        int count = 0;
        try (ConversationFileWriter file = new ConversationFileWriter(out)) {
            for (DescribedImage image : annotations.images()) {
                for (InstructionKind kind : EnumSet.copyOf(kinds)) {
                    Optional<ConversationRecord> record = record(image, kind);
                    if (record.isPresent()) {
                        file.write(record.get());
                        count++;
                    }
                }
            }
            if (count == 0) {
                throw new TrainingDataException("no image has annotations that a record can be written from");
            }
            file.complete();
        }
        return count;
    }

    private Optional<ConversationRecord> record(DescribedImage image, InstructionKind kind) {
        RandomGenerator random = new SplittableRandom(seed + 31 * image.id() + kind.ordinal());
        List<ConversationTurn> turns =
                switch (kind) {
                    case CONVERSATION -> conversation(image, random);
                    case DETAIL -> detail(image, random);
                    case REASONING -> reasoned(image, random);
                    case CAPTION -> caption(image, random);
                };
        return turns.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConversationRecord(
                        "%012d-%s".formatted(image.id(), kind.name().toLowerCase(Locale.ROOT)),
                        Optional.of(image.file()),
                        turns));
    }

    private List<ConversationTurn> conversation(DescribedImage image, RandomGenerator random) {
        List<SceneQuestion> asked = new ArrayList<>(questions.about(image, random));
        int wanted = random.nextInt(FEWEST_TURNS, MOST_TURNS + 1);
        List<ConversationTurn> turns = new ArrayList<>();
        for (int n = 0; n < wanted && !asked.isEmpty(); n++) {
            SceneQuestion question = asked.remove(random.nextInt(asked.size()));
            boolean isShort = random.nextBoolean();
            String text = isShort ? question.shortForm() : question.question();
            turns.add(new ConversationTurn(Speaker.HUMAN, n == 0 ? tagged(text, random) : text));
            turns.add(new ConversationTurn(Speaker.GPT, isShort ? question.answer() : question.sentence()));
        }
        return turns;
    }

    private static List<ConversationTurn> detail(DescribedImage image, RandomGenerator random) {
        if (image.things().isEmpty()) {
            return List.of();
        }
        String question = pick(
                random,
                "Describe this image in detail.",
                "Give a detailed description of the image.",
                "What exactly does the image show? Describe everything.",
                "Explain in full what can be seen here.");
        return exchange(tagged(question, random), new SceneGrammar(image).detail());
    }

    private List<ConversationTurn> reasoned(DescribedImage image, RandomGenerator random) {
        return reasoning
                .about(image, random)
                .map(one -> exchange(tagged(one.question(), random), one.answer()))
                .orElse(List.of());
    }

    private static List<ConversationTurn> caption(DescribedImage image, RandomGenerator random) {
        if (image.captions().isEmpty()) {
            return List.of();
        }
        String question = pick(
                random,
                "Describe the image briefly.",
                "Give a short description of this image.",
                "What is in this image, in one sentence?");
        return exchange(
                tagged(question, random),
                image.captions().get(random.nextInt(image.captions().size())));
    }

    private static List<ConversationTurn> exchange(String question, String answer) {
        return List.of(new ConversationTurn(Speaker.HUMAN, question), new ConversationTurn(Speaker.GPT, answer));
    }

    /** With the image before or after it. */
    private static String tagged(String question, RandomGenerator random) {
        return random.nextBoolean()
                ? ConversationRecord.IMAGE_TAG + "\n" + question
                : question + "\n" + ConversationRecord.IMAGE_TAG;
    }
}
