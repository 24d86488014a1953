package org.llavacluster.modelio.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.modelio.config.TestFolder;

/** What a tokenizer adds in front of a text if the files of a folder disagree, as in transformers 5.18. */
final class PostProcessorTest {

    @TempDir
    Path temp;

    @Test
    void shouldTakeTheBosOfTokenizerJsonWhateverOtherFilesSay() throws IOException {
        for (String value : List.of("true", "false")) {
            TestFolder folder = TestFolder.like("llava-1.5-tiny", temp.resolve(value))
                    .set("tokenizer_config.json", "add_bos_token", value)
                    .set("tokenizer_config.json", "add_eos_token", "true");

            assertThat(Tokenizer.load(folder.open()).prefix()).containsExactly(1);
            assertThat(Tokenizer.load(folder.open()).suffix()).isEmpty();
        }
    }

    @Test
    void shouldPutNothingInFrontWithoutAPostProcessor() throws IOException {
        TestFolder folder = TestFolder.like("llava-1.5-tiny", temp.resolve("none"))
                .set("tokenizer.json", "post_processor", "null")
                .set("tokenizer_config.json", "add_bos_token", "true");

        assertThat(Tokenizer.load(folder.open()).prefix()).isEmpty();
    }
}
