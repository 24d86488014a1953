package org.llavacluster.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.proto.v1.RawPrompt;

class MadeUpPromptsTest {

    private final ModelFolder folder =
            ModelFolder.open(Path.of(System.getProperty("llava.fixtures"), "llava-1.5-tiny"), Optional.empty());

    @Test
    void shouldHaveTheWantedNumberOfTokensAndNoTwoAlike() {
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            MadeUpPrompts prompts = new MadeUpPrompts(tokenizer);
            String first = prompts.textAlone(1, 14).getText();

            assertThat(tokenizer.encodePlain(first)).hasSize(14);
            assertThat(prompts.textAlone(1, 14).getText()).isEqualTo(first);
            assertThat(prompts.textAlone(2, 14).getText()).isNotEqualTo(first);
        }
    }

    @Test
    void shouldBringAPictureOfOneTile() throws Exception {
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            MadeUpPrompts prompts = new MadeUpPrompts(tokenizer);
            RawPrompt prompt = prompts.withImage(1, 2, 14);
            ByteString picture = prompt.getImages(0).getData();
            ImageHeader header = ImageHeader.read(picture.asReadOnlyByteBuffer());

            assertThat(header.width()).isEqualTo(336);
            assertThat(header.height()).isEqualTo(336);
            assertThat(prompt.getText()).startsWith("<image>");
            assertThat(prompts.withImage(2, 2, 14).getImages(0).getData()).isNotEqualTo(picture);
        }
    }
}
