package org.llavacluster.training.scenes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.training.data.ConversationFile;
import org.llavacluster.training.data.ConversationRecord;
import org.llavacluster.training.data.ConversationTurn;
import org.llavacluster.training.data.TrainingDataException;

class SceneConversationsTest {

    private static final ThingName DOG = new ThingName("dog", "dogs", "animal", Optional.empty());
    private static final ThingName OWL = new ThingName("owl", "owls", "animal", Optional.empty());
    private static final ThingName RED_CIRCLE = new ThingName("circle", "circles", "shape", Optional.of("red"));

    /** A dog at the top left, two owls on the right, a large red circle at the bottom left. */
    private static final DescribedImage IMAGE = new DescribedImage(
            4,
            "000000000004.jpg",
            300,
            300,
            Optional.of("a green meadow"),
            List.of(
                    new DescribedThing(OWL, new ThingBox(220, 10, 50, 50)),
                    new DescribedThing(DOG, new ThingBox(20, 20, 60, 60)),
                    new DescribedThing(OWL, new ThingBox(230, 130, 40, 40)),
                    new DescribedThing(RED_CIRCLE, new ThingBox(10, 200, 90, 90))),
            List.of());

    @TempDir
    private Path folder;

    private Path scenes;

    @BeforeEach
    void makeScenes() throws IOException {
        scenes = folder.resolve("scenes");
        new SceneFolder(scenes, SceneSplit.TRAIN, 160, 9).write(60, _ -> {});
    }

    @Test
    void questionsHaveTheAnswersThatTheImageProves() {
        SceneQuestions questions = new SceneQuestions(List.of(DOG, OWL, RED_CIRCLE));
        Map<String, String> answers = new TreeMap<>();
        for (int seed = 0; seed < 400; seed++) {
            for (SceneQuestion one : questions.about(IMAGE, new SplittableRandom(seed))) {
                String before = answers.put(one.question(), one.answer() + " | " + one.sentence());
                assertTrue(before == null || before.equals(answers.get(one.question())), one::toString);
            }
        }
        Map<String, String> expected = Map.ofEntries(
                Map.entry(
                        "What is shown in this image?",
                        "dog, red circle, owl | The image shows a dog, a red circle and two owls."),
                Map.entry("What colour is the circle?", "red | The circle is red."),
                Map.entry("Where is the dog?", "top left | The dog is at the top left."),
                Map.entry("Where is the red circle?", "bottom left | The red circle is at the bottom left."),
                Map.entry("How many owls are there?", "two | There are two owls."),
                Map.entry("How many red circles are there?", "one | There is one red circle."),
                Map.entry("How many things are there?", "four | There are four things."),
                Map.entry("Is there an owl?", "yes | Yes, there are two owls."),
                Map.entry("Is the dog above the red circle?", "yes | Yes, the dog is above the red circle."),
                Map.entry("Is the red circle above the dog?", "no | No, the red circle is below the dog."));
        expected.forEach((question, answer) -> assertEquals(answer, answers.getOrDefault(question, ""), question));
        assertFalse(answers.containsKey("What is this?"), "several things have no single name");
    }

    @Test
    void aSentenceSaysHowManyAreWhere() {
        assertEquals(
                "The image shows four things on a green meadow: a dog, a red circle and two owls."
                        + " The dog is at the top left. The red circle is at the bottom left."
                        + " Of the two owls, one is at the top right, one is on the right."
                        + " The red circle is the largest thing.",
                new SceneGrammar(IMAGE).detail());
    }

    @ParameterizedTest
    @CsvSource({"owl, an owl", "unicorn, a unicorn", "dog, a dog", "alarm clock, an alarm clock"})
    void articlesFitTheSound(String word, String expected) {
        assertEquals(expected, ThingName.withArticle(word));
    }

    @Test
    void everyImageGetsARecordOfEachKindWhichTheTrainerReads() throws IOException {
        Path out = folder.resolve("instruct.json");
        int count = conversations(5).write(out, EnumSet.allOf(InstructionKind.class));

        List<ConversationRecord> records = read(out);
        assertEquals(240, count);
        assertEquals(240, records.size());
        Map<String, Long> kinds = records.stream()
                .collect(Collectors.groupingBy(
                        one -> one.id().substring(one.id().indexOf('-') + 1), Collectors.counting()));
        assertEquals(Map.of("conversation", 60L, "detail", 60L, "reasoning", 60L, "caption", 60L), kinds);
        for (ConversationRecord one : records) {
            List<ConversationTurn> turns = one.turns();
            assertTrue(turns.size() >= 2 && turns.size() % 2 == 0, one::toString);
            for (int n = 0; n < turns.size(); n++) {
                assertEquals(
                        n % 2 == 0 ? ConversationTurn.Speaker.HUMAN : ConversationTurn.Speaker.GPT,
                        turns.get(n).speaker());
                assertEquals(n == 0, turns.get(n).text().contains(ConversationRecord.IMAGE_TAG), one::toString);
                assertFalse(turns.get(n).text().isBlank());
            }
            assertTrue(Files.exists(
                    scenes.resolve(SceneFolder.IMAGES).resolve(one.image().orElseThrow())));
        }
    }

    @Test
    void equalSeedsWriteEqualFiles() throws IOException {
        conversations(5).write(folder.resolve("a.json"), EnumSet.allOf(InstructionKind.class));
        conversations(5).write(folder.resolve("b.json"), EnumSet.allOf(InstructionKind.class));
        conversations(6).write(folder.resolve("c.json"), EnumSet.allOf(InstructionKind.class));
        assertEquals(-1, Files.mismatch(folder.resolve("a.json"), folder.resolve("b.json")));
        assertTrue(Files.mismatch(folder.resolve("a.json"), folder.resolve("c.json")) > 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | images is not a list",
                "{\"images\": 3} | images is not a list",
                "{\"images\": [{\"id\": 1}], \"annotations\": []} | images: an entry has no file_name",
                "{\"images\": [], \"annotations\": [{\"image_id\": 1}]} | annotations: an entry has no category_id",
                "{\"images\": [], \"annotations\": [{\"image_id\": 1, \"category_id\": 7}]}"
                        + " | annotations: category_id 7 is no category",
                "not json | cannot be read as JSON"
            })
    void annotationsThatDoNotFitAreNamed(String content, String fault) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.json"), content);
        TrainingDataException refused =
                assertThrows(TrainingDataException.class, () -> ImageAnnotations.read(List.of(file)));
        assertEquals(file + ": " + fault, refused.getMessage());
    }

    @Test
    void annotationsWithoutThingsWriteNothing() throws IOException {
        Path file = Files.writeString(
                folder.resolve("empty.json"),
                "{\"images\": [{\"id\": 1, \"file_name\": \"a.jpg\", \"width\": 4, \"height\": 4}],"
                        + " \"categories\": [{\"id\": 1, \"name\": \"cup\"}], \"annotations\": []}");
        Path out = folder.resolve("none.json");
        assertThrows(TrainingDataException.class, () -> new SceneConversations(ImageAnnotations.read(List.of(file)), 1)
                .write(out, EnumSet.of(InstructionKind.CONVERSATION)));
        assertFalse(Files.exists(out));
    }

    private SceneConversations conversations(long seed) {
        return new SceneConversations(
                ImageAnnotations.read(
                        List.of(scenes.resolve(SceneFolder.INSTANCES), scenes.resolve(SceneFolder.CAPTIONS))),
                seed);
    }

    private static List<ConversationRecord> read(Path file) {
        List<ConversationRecord> records = new ArrayList<>();
        new ConversationFile(file).read(records::add, refused -> {
            throw new AssertionError(refused);
        });
        return records;
    }
}
