package org.llavacluster.model.bench.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.bench.LlavaShape;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.checkpoint.NewFolder;
import org.llavacluster.model.checkpoint.ShardedFolder;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.prompt.ChatMessage;
import org.llavacluster.modelio.prompt.Prompt;
import org.llavacluster.modelio.prompt.PromptEncoder;
import org.llavacluster.modelio.tokenizer.Tokenizer;

class RandomFolderTest {

    private static final long SHARD_BYTES = 100_000;

    @TempDir
    private Path temporary;

    @Test
    void shouldHoldAllThatTheServicesLoad() throws IOException {
        ModelFolder folder = written("model", 7);

        assertThat(folder.config().decoder()).isEqualTo(LlavaShape.TINY.decoder());
        assertThat(folder.config().vision()).isEqualTo(LlavaShape.TINY.vision());
        assertThat(folder.config().image().side()).isEqualTo(84);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            checkpoint.require(ServingPrograms.of(folder.config()));
            assertThat(checkpoint.storedBytes()).containsOnlyKeys("BF16");
        }
        assertThat(temporary.resolve("model.partial")).doesNotExist();
    }

    @Test
    void shouldHoldNormalValuesAndOnesForNorms() throws IOException {
        ModelFolder folder = written("model", 7);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            float[] matrix = values(checkpoint, "decoder.layers.1.mlp.down_proj.weight");
            assertThat(matrix).hasSize(64 * 176);
            assertThat(mean(matrix)).isCloseTo(0, within(1e-3));
            assertThat(deviation(matrix)).isCloseTo(0.02, within(1e-3));
            assertThat(values(checkpoint, "decoder.norm.weight")).containsOnly(1f);
            assertThat(values(checkpoint, "vision.pre_layrnorm.weight")).containsOnly(1f);
            assertThat(values(checkpoint, "decoder.layers.0.mlp.down_proj.weight"))
                    .isNotEqualTo(matrix);
        }
    }

    /** Greedy decoding never chooses it, because one of hundreds of random logits is above zero. */
    @Test
    void shouldGiveTheTokenThatEndsAnAnswerTheLogitZero() throws IOException {
        ModelFolder folder = written("model", 7);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            float[] head = values(checkpoint, "decoder.lm_head.weight");
            int end = folder.config().decoder().endIds().getFirst();
            for (int row : List.of(end - 1, end, end + 1)) {
                float[] weights = java.util.Arrays.copyOfRange(head, row * 64, (row + 1) * 64);
                assertThat(deviation(weights) == 0).as("row " + row).isEqualTo(row == end);
            }
        }
    }

    @Test
    void shouldHoldTheSameWeightsForTheSameSeedHoweverTheyAreSharded() throws IOException {
        float[] first = head(written("first", 7));
        new RandomFolder(LlavaShape.TINY, 7).write(temporary.resolve("one-file"), _ -> {});
        new RandomFolder(LlavaShape.TINY, 8).write(temporary.resolve("other-seed"), _ -> {});

        assertThat(head(ModelFolder.open(temporary.resolve("one-file"), Optional.empty())))
                .isEqualTo(first);
        assertThat(head(ModelFolder.open(temporary.resolve("other-seed"), Optional.empty())))
                .isNotEqualTo(first);
    }

    @Test
    void shouldTellHowFarItIsAndSplitTheWeightsIntoFiles() throws IOException {
        List<ShardedFolder.Written> told = new ArrayList<>();
        new RandomFolder(LlavaShape.TINY, 7, SHARD_BYTES).write(temporary.resolve("model"), told::add);

        assertThat(told).hasSizeGreaterThan(2);
        assertThat(told.getLast().bytes()).isEqualTo(told.getLast().ofBytes());
        try (Stream<Path> files = Files.list(temporary.resolve("model"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".safetensors")))
                    .hasSameSizeAs(told)
                    .allSatisfy(file -> assertThat(Files.size(file)).isLessThan(SHARD_BYTES + 4096));
        }
    }

    @Test
    void shouldEncodeTextByCharacterAndAnswerInWords() throws IOException {
        ModelFolder folder = written("model", 7);
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            int[] ids = tokenizer.encode("hey, ö");
            assertThat(ids).hasSize(1 + 1 + 5 + 2);
            assertThat(tokenizer.decode(ids)).isEqualTo("hey, ö");
            assertThat(tokenizer.decode(new int[] {400, 401})).isEqualTo("w400 w401");
            Prompt prompt = PromptEncoder.of(folder, tokenizer, Optional.empty())
                    .encode(List.of(new ChatMessage(
                            ChatMessage.Role.USER,
                            List.of(new ChatMessage.Image(), new ChatMessage.Text("What is it?")))));
            assertThat(prompt.images()).isEqualTo(1);
        }
    }

    @Test
    void shouldLeaveFoldersThatHoldSomethingAlone() throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("full"));
        Files.writeString(folder.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> new RandomFolder(LlavaShape.TINY, 7).write(folder, _ -> {}))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("full")
                .hasMessageContaining("is not empty");
        assertThat(folder.resolve("notes.txt")).hasContent("mine");
    }

    @Test
    void shouldRefuseToWriteBesideAnUnfinishedFolder() throws IOException {
        Files.createDirectory(temporary.resolve("model.partial"));

        assertThatThrownBy(() -> written("model", 7)).hasMessageContaining("model.partial");
        assertThat(temporary.resolve("model")).doesNotExist();
    }

    /** The consumer of the progress fails, as a full disk would. */
    @Test
    void shouldLeaveNothingBehindWhenItFails() {
        assertThatThrownBy(() -> new RandomFolder(LlavaShape.TINY, 7).write(temporary.resolve("model"), _ -> {
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void shouldSayHowMuchSpaceIsMissing() {
        assertThatThrownBy(() -> NewFolder.requireSpace(temporary, 13_500_000_000L, 2_000_000_000L))
                .hasMessageContaining("takes 13500 MB, 2000 MB are free");
    }

    private ModelFolder written(String name, long seed) throws IOException {
        new RandomFolder(LlavaShape.TINY, seed, SHARD_BYTES).write(temporary.resolve(name), _ -> {});
        return ModelFolder.open(temporary.resolve(name), Optional.empty());
    }

    private static float[] head(ModelFolder folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return values(checkpoint, "decoder.lm_head.weight");
        }
    }

    private static float[] values(Checkpoint checkpoint, String name) {
        Weights.Weight weight = checkpoint.weights(ModelPart.DECODER).get(name);
        assertThat(weight.dtype()).isEqualTo(DType.BF16);
        int count = Math.toIntExact(HostTensor.elements(weight.shape()));
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            short bits = weight.bytes().get(java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i);
            values[i] = FloatConversion.widen(DType.BF16, bits);
        }
        return values;
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double deviation(float[] values) {
        double mean = mean(values);
        double sum = 0;
        for (float value : values) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / values.length);
    }
}
