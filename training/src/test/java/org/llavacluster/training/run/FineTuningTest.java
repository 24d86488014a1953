package org.llavacluster.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.engine.tensorflow.TensorFlowBackend;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.training.Goldens;
import org.llavacluster.training.data.RefusedRecord;
import org.llavacluster.training.data.TrainingDataException;

class FineTuningTest {

    private static final ModelFolder MODEL = Goldens.model("llava-1.5-tiny");
    private static final TensorFlowBackend BACKEND = new TensorFlowBackend(2);
    private static final Path IMAGES = Goldens.path("training/images");

    @TempDir
    private Path temporary;

    private Path data;

    @BeforeEach
    void writeTheData() throws IOException {
        List<Object> samples = Goldens.items(
                        Goldens.json("training/stage2.json").path("samples"))
                .stream()
                .<Object>map(row -> row.path("sample"))
                .toList();
        data = temporary.resolve("data.json");
        Files.write(data, new ObjectMapper().writeValueAsBytes(samples));
    }

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Test
    void shouldGiveTheBitsOfAWholeRunWhenStoppedAndContinued() throws IOException {
        Path whole = temporary.resolve("whole");
        run(whole, data, new FineTuningListener() {});
        Path stopped = temporary.resolve("stopped");
        for (int at : new int[] {1, 4, 5}) {
            assertThatThrownBy(() -> run(stopped, data, stopAfter(at))).isInstanceOf(CancellationException.class);
            assertThat(stopped.resolve("config.json")).doesNotExist();
        }
        int[] continuedAt = {-1};

        run(stopped, data, new FineTuningListener() {
            @Override
            public void starting(int records, List<RefusedRecord> refused, int updatesDone, int updates) {
                continuedAt[0] = updatesDone;
            }
        });

        assertThat(continuedAt[0]).isEqualTo(4);
        assertThat(tensors(stopped.resolve("model.safetensors")))
                .isEqualTo(tensors(whole.resolve("model.safetensors")));
        assertThat(tensors(stopped.resolve("training/checkpoint-6.safetensors")))
                .isEqualTo(tensors(whole.resolve("training/checkpoint-6.safetensors")));
        assertThat(stopped.resolve("training/log.jsonl")).hasSameTextualContentAs(whole.resolve("training/log.jsonl"));
    }

    @Test
    void shouldSayInTheRunWhichKernelsItUses() throws IOException {
        assertThat(BACKEND.kernelVersion()).contains("-onednn");
        Path out = temporary.resolve("out");
        run(out, data, new FineTuningListener() {});

        assertThat(out.resolve("training/run.json")).content().contains("\"" + BACKEND.kernelVersion() + "\"");
    }

    @Test
    void shouldWriteAFolderThatServes() throws IOException {
        Path out = temporary.resolve("out");
        run(out, data, new FineTuningListener() {});

        ModelFolder trained = ModelFolder.open(out, Optional.empty());
        assertThat(trained.config().decoder()).isEqualTo(MODEL.config().decoder());
        assertThat(trained.config().projector()).isEqualTo(MODEL.config().projector());
        assertThat(trained.config().vision()).isEqualTo(MODEL.config().vision());
        try (Checkpoint checkpoint = Checkpoint.open(trained)) {
            checkpoint.require(ServingPrograms.of(trained.config()));
        }
        Map<String, String> before = tensors(MODEL.folder().resolve("model.safetensors"));
        Map<String, String> after = tensors(out.resolve("model.safetensors"));
        assertThat(after).containsOnlyKeys(before.keySet());
        after.forEach((name, content) ->
                assertThat(content.equals(before.get(name))).as(name).isEqualTo(name.startsWith("vision_tower.")));
        assertThat(out.resolve("training/log.jsonl")).content().hasLineCount(6);
    }

    @Test
    void shouldRefuseToContinueAnotherRun() throws IOException {
        Path out = temporary.resolve("out");
        assertThatThrownBy(() -> run(out, data, stopAfter(1))).isInstanceOf(CancellationException.class);
        Path other = Files.writeString(temporary.resolve("other.json"), Files.readString(data) + "\n");

        assertThatThrownBy(() -> run(out, other, new FineTuningListener() {}))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("holds a run with other data");
        Path full = Files.createDirectory(temporary.resolve("full"));
        Files.writeString(full.resolve("mine.txt"), "mine");
        assertThatThrownBy(() -> run(full, data, new FineTuningListener() {}))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("is not empty");
    }

    private static void run(Path out, Path data, FineTuningListener listener) throws IOException {
        FineTuningSettings settings = new FineTuningSettings(
                TrainingStage.INSTRUCT,
                TrainingStage.INSTRUCT.template(),
                2e-4,
                4,
                2,
                2,
                Integer.MAX_VALUE,
                0.03,
                0.1,
                1,
                128,
                true,
                7);
        new FineTuning(MODEL, BACKEND, settings, listener).run(data, IMAGES, out, true, 2);
    }

    /** As a process that is killed after an update, before it is saved. */
    private static FineTuningListener stopAfter(int updates) {
        return new FineTuningListener() {
            @Override
            public void updated(UpdateReport report, int all) {
                if (report.update() + 1 == updates) {
                    throw new CancellationException("stopped");
                }
            }
        };
    }

    private static Map<String, String> tensors(Path file) {
        Map<String, String> contents = new TreeMap<>();
        try (StoredTensors tensors = StoredTensors.ofFile(file)) {
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
