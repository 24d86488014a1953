package org.llavacluster.training.foundation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.tensorflow.TensorFlowBackend;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.prompt.ChatMessage;
import org.llavacluster.modelio.prompt.Prompt;
import org.llavacluster.modelio.prompt.PromptEncoder;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.training.data.ConversationRecord;
import org.llavacluster.training.data.ConversationTurn;
import org.llavacluster.training.data.SampleEncoder;
import org.llavacluster.training.data.TrainingTemplate;
import org.llavacluster.training.run.ContrastiveSettings;
import org.llavacluster.training.run.ContrastiveTraining;
import org.llavacluster.training.run.FineTuning;
import org.llavacluster.training.run.FineTuningListener;
import org.llavacluster.training.run.FineTuningSettings;
import org.llavacluster.training.run.TrainingStage;
import org.llavacluster.training.run.UpdateReport;
import org.llavacluster.training.scenes.ImageAnnotations;
import org.llavacluster.training.scenes.InstructionKind;
import org.llavacluster.training.scenes.SceneConversations;
import org.llavacluster.training.scenes.SceneFolder;
import org.llavacluster.training.scenes.SceneSplit;

/** From scenes to a model that has gone through all stages. */
class FoundationTest {

    private static final ModelShape SHAPE = new ModelShape(420, 28, 14, 16, 2, 2, -1, 16, 2, 2, 32, 256);
    private static final TensorFlowBackend BACKEND = new TensorFlowBackend(1);

    @TempDir
    private static Path folder;

    private static Path scenes;
    private static Path conversations;
    private static Path captions;
    private static Path model;

    @BeforeAll
    static void makeDataAndModel() throws IOException {
        scenes = folder.resolve("scenes");
        new SceneFolder(scenes, SceneSplit.TRAIN, 64, 4).write(24, _ -> {});
        SceneConversations made = new SceneConversations(
                ImageAnnotations.read(
                        List.of(scenes.resolve(SceneFolder.INSTANCES), scenes.resolve(SceneFolder.CAPTIONS))),
                1);
        conversations = folder.resolve("conversations.json");
        made.write(conversations, EnumSet.of(InstructionKind.CONVERSATION));
        captions = folder.resolve("captions.json");
        made.write(captions, EnumSet.of(InstructionKind.CAPTION));
        model = folder.resolve("model");
        new FreshModel(SHAPE, DType.F32, 3).write(List.of(conversations, captions), model);
    }

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Test
    void shouldWriteAModelThatServes() throws IOException {
        ModelFolder opened = ModelFolder.open(model, Optional.empty());
        try (Checkpoint checkpoint = Checkpoint.open(opened)) {
            checkpoint.require(ServingPrograms.of(opened.config()));
        }
        Path again = folder.resolve("again");
        new FreshModel(SHAPE, DType.F32, 3).write(List.of(conversations, captions), again);
        for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            assertThat(Files.mismatch(model.resolve(file), again.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        Path other = folder.resolve("other");
        new FreshModel(SHAPE, DType.F32, 4).write(List.of(conversations, captions), other);
        assertThat(Files.mismatch(model.resolve("model.safetensors"), other.resolve("model.safetensors")))
                .isNotNegative();
    }

    @Test
    void shouldSpellEveryTextWithItsTokenizer() {
        try (Tokenizer tokenizer = Tokenizer.load(ModelFolder.open(model, Optional.empty()))) {
            assertThat(tokenizer.size()).isLessThanOrEqualTo(420);
            for (String text : List.of("The image shows two dogs.", "Ω 🐕 \n\ttab", "USER: ASSISTANT:")) {
                assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
            }
            assertThat(tokenizer.encode("The image shows").length).isLessThan(9);
        }
    }

    @Test
    void shouldLearnInEveryStageTheWeightsOfThatStage() throws IOException {
        assertThat(changed(TrainingStage.LLAMA, conversations, null)).containsExactly("language_model");
        assertThat(changed(TrainingStage.CAPTION, captions, scenes.resolve(SceneFolder.IMAGES)))
                .containsExactly("language_model", "multi_modal_projector", "vision_tower");
        assertThat(changed(TrainingStage.PROJECTOR, captions, scenes.resolve(SceneFolder.IMAGES)))
                .containsExactly("multi_modal_projector");
        assertThat(changed(TrainingStage.INSTRUCT, conversations, scenes.resolve(SceneFolder.IMAGES)))
                .containsExactly("language_model", "multi_modal_projector");
    }

    @Test
    void shouldTrainClipAndContinueAStoppedRunWithItsBits() throws IOException {
        Path whole = folder.resolve("clip-whole");
        List<Double> losses = new ArrayList<>();
        trainClip(whole, losses, Integer.MAX_VALUE);
        Path stopped = folder.resolve("clip-stopped");
        for (int at : new int[] {3, 5}) {
            assertThatThrownBy(() -> trainClip(stopped, new ArrayList<>(), at))
                    .isInstanceOf(CancellationException.class);
        }
        trainClip(stopped, new ArrayList<>(), Integer.MAX_VALUE);

        assertThat(losses).hasSize(8);
        assertThat(losses.getLast()).isLessThan(losses.getFirst());
        assertThat(tensors(stopped)).isEqualTo(tensors(whole));
        assertThat(tensors(stopped.resolve("clip"))).isEqualTo(tensors(whole.resolve("clip")));
        assertThat(groups(whole)).containsExactly("vision_tower");
        Map<String, Object> config =
                new ObjectMapper().readValue(whole.resolve("clip/config.json").toFile(), Map.class);
        assertThat(config).containsEntry("model_type", "clip");
        assertThat(tensors(whole.resolve("clip")))
                .containsKeys(
                        "logit_scale",
                        "text_projection.weight",
                        "text_model.final_layer_norm.weight",
                        "vision_model.post_layernorm.weight");
    }

    @Test
    void shouldPromptAsItWasTrained() {
        ModelFolder opened = ModelFolder.open(model, Optional.empty());
        ConversationRecord learned = new ConversationRecord(
                "one",
                Optional.of("one.jpg"),
                List.of(
                        new ConversationTurn(ConversationTurn.Speaker.HUMAN, "<image>\nWhat is this?"),
                        new ConversationTurn(ConversationTurn.Speaker.GPT, "A dog."),
                        new ConversationTurn(ConversationTurn.Speaker.HUMAN, "Where is it?"),
                        new ConversationTurn(ConversationTurn.Speaker.GPT, "On the left.")));
        ChatMessage first = new ChatMessage(
                ChatMessage.Role.USER, List.of(new ChatMessage.Image(), new ChatMessage.Text("What is this?")));
        ChatMessage answer = new ChatMessage(ChatMessage.Role.ASSISTANT, List.of(new ChatMessage.Text("A dog.")));
        ChatMessage second = new ChatMessage(ChatMessage.Role.USER, List.of(new ChatMessage.Text("Where is it?")));
        try (Tokenizer tokenizer = Tokenizer.load(opened)) {
            int imageId = opened.config().imageTokenId();
            int[] trained = new SampleEncoder(tokenizer, imageId, TrainingTemplate.V1, 256)
                    .encode(learned)
                    .ids();
            PromptEncoder encoder = PromptEncoder.of(opened, tokenizer, Optional.empty());
            for (List<ChatMessage> asked : List.of(List.of(first), List.of(first, answer, second))) {
                int[] prompt = ids(encoder.encode(asked), imageId);
                assertThat(Arrays.copyOf(trained, prompt.length)).isEqualTo(prompt);
            }
        }
    }

    private static int[] ids(Prompt prompt, int imageId) {
        return prompt.segments().stream()
                .flatMapToInt(segment -> switch (segment) {
                    case Prompt.Tokens tokens -> Arrays.stream(tokens.ids());
                    case Prompt.Image image -> IntStream.of(imageId);
                })
                .toArray();
    }

    private static void trainClip(Path out, List<Double> losses, int stopAt) throws IOException {
        ContrastiveSettings settings = new ContrastiveSettings(1e-2, 6, 2, Integer.MAX_VALUE, 0.1, 0.1, 1, 1, 40, 5);
        new ContrastiveTraining(ModelFolder.open(model, Optional.empty()), BACKEND, settings, new FineTuningListener() {
                    @Override
                    public void updated(UpdateReport report, int updates) {
                        losses.add(report.loss());
                        if (report.update() + 1 == stopAt) {
                            throw new CancellationException("stopped");
                        }
                    }
                })
                .run(scenes.resolve(SceneFolder.CAPTIONS), scenes.resolve(SceneFolder.IMAGES), out, 2);
    }

    /** The parts whose weights a stage has changed; its loss has fallen. */
    private static Set<String> changed(TrainingStage stage, Path data, Path images) throws IOException {
        Path out = folder.resolve(stage.name());
        List<Double> losses = new ArrayList<>();
        FineTuningSettings settings = new FineTuningSettings(
                stage, stage.template(), 1e-2, 8, 4, 2, Integer.MAX_VALUE, 0.1, 0, 1, 256, false, 7);
        new FineTuning(ModelFolder.open(model, Optional.empty()), BACKEND, settings, new FineTuningListener() {
                    @Override
                    public void updated(UpdateReport report, int updates) {
                        losses.add(report.loss());
                    }
                })
                .run(data, images, out, true, 100);
        assertThat(losses).as("%s", stage).hasSize(6);
        assertThat(losses.getLast()).as("%s", stage).isLessThan(losses.getFirst());
        return groups(out);
    }

    /** The parts of the model that differ from the fresh one. */
    private static Set<String> groups(Path out) {
        Map<String, String> before = tensors(model);
        Set<String> groups = new TreeSet<>();
        tensors(out).forEach((name, content) -> {
            if (!content.equals(before.get(name))) {
                groups.add(name.substring(0, name.indexOf('.')));
            }
        });
        return groups;
    }

    private static Map<String, String> tensors(Path of) {
        Map<String, String> contents = new TreeMap<>();
        try (StoredTensors tensors = StoredTensors.ofFolder(of, "")) {
            tensors.all()
                    .forEach(tensor -> contents.put(
                            tensor.name(),
                            tensor.dtype()
                                    + tensor.shape()
                                    + Arrays.hashCode(tensor.bytes().toArray(ValueLayout.JAVA_BYTE))));
        }
        return contents;
    }
}
