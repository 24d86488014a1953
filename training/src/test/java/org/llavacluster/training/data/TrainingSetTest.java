package org.llavacluster.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.training.Goldens;

class TrainingSetTest {

    private static final ModelFolder MODEL = Goldens.model("llava-1.5-tiny");
    private static final Tokenizer TOKENIZER = Tokenizer.load(MODEL);
    private static final String GOOD = "{\"id\":7,\"image\":\"a.png\",\"model\":\"x\",\"conversations\":["
            + "{\"from\":\"human\",\"value\":\"<image>\\nWhat?\"},{\"from\":\"gpt\",\"value\":\"A dog.\"}]}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1] | #1 | is not a JSON object",
                "{\"id\":\"x\"} | x | has no conversations",
                "{\"id\":\"x\",\"conversations\":{}} | x | conversations: must be a list",
                "{\"id\":\"x\",\"conversations\":[]} | x | conversations: is empty",
                "{\"id\":\"x\",\"conversations\":[{\"from\":\"system\",\"value\":\"\"}]} | x | conversations[0].from:"
                        + " must be human or gpt",
                "{\"id\":\"x\",\"conversations\":[{\"from\":\"human\",\"value\":3}]} | x | conversations[0].value: must"
                        + " be a string",
                "{\"id\":\"x\",\"conversations\":[{\"from\":\"human\",\"value\":\"<image>?\"},{\"from\":\"gpt\","
                        + "\"value\":\"A\"}]} | x | has <image> in its turns and no image",
                "{\"id\":\"x\",\"image\":\"a.png\",\"conversations\":[{\"from\":\"human\",\"value\":\"?\"},{\"from\":"
                        + "\"gpt\",\"value\":\"A\"}]} | x | has an image and no <image> in its turns",
                "{\"id\":\"x\",\"image\":\"a.png\",\"conversations\":[{\"from\":\"human\",\"value\":\"<image>?\"},"
                        + "{\"from\":\"gpt\",\"value\":\"<image>\"}]} | x | has <image> in 2 turns, for one image",
                "{\"id\":\"x\",\"image\":[\"a.png\"],\"conversations\":[{\"from\":\"human\",\"value\":\"?\"}]} | x |"
                        + " image: must be the path of one file",
                "{\"image\":\"b.png\",\"conversations\":[{\"from\":\"human\",\"value\":\"<image>?\"},{\"from\":\"gpt\","
                        + "\"value\":\"A\"}]} | #1 | its image is not in the folder of images",
                "{\"id\":\"x\",\"image\":\"../a.png\",\"conversations\":[{\"from\":\"human\",\"value\":\"<image>?\"},"
                        + "{\"from\":\"gpt\",\"value\":\"A\"}]} | x | its image is outside the folder of images",
                "{\"id\":\"x\",\"image\":\"/etc/hostname\",\"conversations\":[{\"from\":\"human\",\"value\":"
                        + "\"<image>?\"},{\"from\":\"gpt\",\"value\":\"A\"}]} | x | its image is outside the folder of"
                        + " images",
                "{\"id\":\"x\",\"image\":\"empty.png\",\"conversations\":[{\"from\":\"human\",\"value\":\"<image>?\"},"
                        + "{\"from\":\"gpt\",\"value\":\"A\"}]} | x | its image is an empty file",
                "{\"id\":\"x\",\"image\":\"huge.png\",\"conversations\":[{\"from\":\"human\",\"value\":\"<image>?\"},"
                        + "{\"from\":\"gpt\",\"value\":\"A\"}]} | x | its image has 101 bytes, more than the limit of"
                        + " 100",
                "{\"id\":\"x\",\"conversations\":[{\"from\":\"human\",\"value\":\"?\"}]} | x | nothing in it is to be"
                        + " learned: no answer is left within the length",
                "{\"id\":\"x\",\"conversations\":[{\"from\":\"human\",\"value\":\"?\"},{\"from\":\"human\",\"value\":"
                        + "\"?\"}]} | x | two turns of one speaker follow each other"
            })
    void shouldNameEachBadRecordAndKeepTheOthers(String bad, String id, String reason) throws IOException {
        TrainingSet set = read("[" + GOOD + "," + bad + "," + GOOD + "]");

        assertThat(set.records()).hasSize(2);
        assertThat(set.records().getFirst().id()).isEqualTo("7");
        assertThat(set.refused()).containsExactly(new RefusedRecord(id, reason));
        assertThatThrownBy(set::strict)
                .isInstanceOf(TrainingDataException.class)
                .hasMessage("1 of 3 records cannot be learned from: record " + id + ": " + reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | must hold a JSON list of conversations",
                "[{\"id\":\"x\" | is not valid JSON at line 1",
                "[] [] | continues after its list",
                "`` | must hold a JSON list of conversations",
                "nonsense | is not valid JSON at line 1, column",
                "[] | no record can be learned from",
                "[3] | no record can be learned from: record #0: is not a JSON object"
            })
    void shouldRefuseAFileThatIsNoListOfConversations(String content, String message) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining(message);
    }

    @Test
    void shouldSayThatAFileIsMissing() {
        assertThatThrownBy(() -> new ConversationFile(folder.resolve("none.json")).read(_ -> {}, _ -> {}))
                .hasMessageEndingWith("none.json: there is no such file");
    }

    @Test
    void shouldNameTwentyBadRecordsAndCountTheOthers() throws IOException {
        TrainingSet set = read("[" + GOOD + ",1".repeat(25) + "]");

        assertThatThrownBy(set::strict)
                .hasMessageStartingWith("25 of 26 records cannot be learned from: record #1: is not a JSON object; ")
                .hasMessageEndingWith("record #20: is not a JSON object; and 5 more");
    }

    private TrainingSet read(String json) throws IOException {
        Files.write(folder.resolve("a.png"), new byte[100]);
        Files.write(folder.resolve("empty.png"), new byte[0]);
        Files.write(folder.resolve("huge.png"), new byte[101]);
        Path file = Files.writeString(folder.resolve("data.json"), json);
        ImageFolder images = new ImageFolder(folder, 100);
        return TrainingSet.read(
                new ConversationFile(file),
                one -> one,
                new SampleEncoder(TOKENIZER, MODEL.config().imageTokenId(), TrainingTemplate.V1, 128),
                path -> {
                    images.file(path);
                    return 36;
                },
                () -> {});
    }
}
