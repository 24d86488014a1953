package org.llavacluster.training.scenes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.scenes.SceneQuestion.Kind;

class SceneExamTest {

    @TempDir
    private Path folder;

    @Test
    void asksOneQuestionOfEachKindAboutAnImage() throws IOException {
        Path scenes = folder.resolve("scenes");
        new SceneFolder(scenes, SceneSplit.HELD_OUT, 96, 5).write(80, _ -> {});
        ImageAnnotations annotations = ImageAnnotations.read(List.of(scenes.resolve("instances.json")));

        List<ExamQuestion> exam = SceneExam.of(annotations, 80, 3);

        assertThat(exam.stream().map(ExamQuestion::id)).doesNotHaveDuplicates();
        assertThat(exam.stream().map(one -> one.question().kind()).collect(Collectors.toSet()))
                .isEqualTo(new HashSet<>(Arrays.asList(Kind.values())));
        assertThat(exam.stream()
                        .filter(one -> one.question().kind() == Kind.COUNT)
                        .map(one -> one.question().answer())
                        .collect(Collectors.toSet()))
                .isEqualTo(Set.of("one", "two", "three", "four"));
        assertThat(exam.stream()
                        .filter(one -> one.question().kind() == Kind.YES_NO)
                        .map(one -> one.question().answer())
                        .collect(Collectors.toSet()))
                .isEqualTo(Set.of("yes", "no"));
        assertThat(SceneExam.of(annotations, 80, 3)).isEqualTo(exam);
        assertThat(SceneExam.of(annotations, 80, 4)).isNotEqualTo(exam);
        assertThat(SceneExam.of(annotations, 7, 3))
                .isEqualTo(exam.subList(0, SceneExam.of(annotations, 7, 3).size()));
        exam.forEach(
                one -> assertThat(scenes.resolve("images").resolve(one.image())).exists());
    }

    @Test
    void refusesAnnotationsThatAnswerNothing() throws IOException {
        Path file = Files.writeString(
                folder.resolve("empty.json"),
                "{\"images\":[{\"id\":1,\"file_name\":\"1.jpg\",\"width\":8,\"height\":8}],\"annotations\":[]}");
        ImageAnnotations annotations = ImageAnnotations.read(List.of(file));
        assertThatThrownBy(() -> SceneExam.of(annotations, 9, 1))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("no image has annotations");
    }
}
