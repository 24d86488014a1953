package org.llavacluster.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.evaluation.ExamAnswers.Asked;
import org.llavacluster.training.scenes.ExamQuestion;
import org.llavacluster.training.scenes.SceneQuestion;
import org.llavacluster.training.scenes.SceneQuestion.Kind;

class ExamAnswersTest {

    private static final ExamQuestion NAME = question("1-name", Kind.NAME, "dog");
    private static final ExamQuestion COUNT = question("1-count", Kind.COUNT, "two");
    private static final List<Asked> EXAM =
            List.of(new Asked(NAME, true), new Asked(NAME, false), new Asked(COUNT, true), new Asked(COUNT, false));

    @TempDir
    private Path folder;

    @Test
    void shouldContinueWithWhatWasAnsweredBeforeTheProcessDied() throws IOException {
        Path file = folder.resolve("answers.jsonl");
        ExamAnswers answers = ExamAnswers.open(file, "small", EXAM);
        answers.add(EXAM.get(0), "a dog");
        answers.add(EXAM.get(1), "cat");
        answers.add(EXAM.get(2), "three");
        String whole = Files.readString(file);
        Files.writeString(file, "{\"asked\":\"1-count-gr", StandardOpenOption.APPEND);

        ExamAnswers continued = ExamAnswers.open(file, "small", EXAM);

        assertThat(file).content().isEqualTo(whole);
        assertThat(continued.of(EXAM.get(0))).contains("a dog");
        assertThat(continued.of(EXAM.get(3))).isEmpty();
        continued.add(EXAM.get(3), "2");
        ExamFigures figures = ExamAnswers.open(file, "small", EXAM).figures();
        assertThat(figures.byKind())
                .containsEntry(Kind.NAME, new ExamFigures.Figure(1, 1, Optional.of(0.0)))
                .containsEntry(Kind.COUNT, new ExamFigures.Figure(1, 0, Optional.of(1.0)))
                .hasSize(2);
        assertThat(figures.table()).contains("name").contains("100.0 %");
    }

    @Test
    void shouldRefuseAnswersOfAnotherExamOrModel() throws IOException {
        Path file = folder.resolve("answers.jsonl");
        ExamAnswers.open(file, "small", EXAM).add(EXAM.get(0), "dog");
        for (List<Asked> other :
                List.of(EXAM.subList(0, 2), List.of(new Asked(question("1-name", Kind.NAME, "cat"), true)))) {
            assertThatThrownBy(() -> ExamAnswers.open(file, "small", other))
                    .isInstanceOf(TrainingDataException.class)
                    .hasMessageContaining("results of other work");
        }
        assertThatThrownBy(() -> ExamAnswers.open(file, "large", EXAM)).isInstanceOf(TrainingDataException.class);
        Path foreign = Files.writeString(folder.resolve("mine.txt"), "mine\n");
        assertThatThrownBy(() -> ExamAnswers.open(foreign, "small", EXAM)).isInstanceOf(TrainingDataException.class);
        assertThat(foreign).content().isEqualTo("mine\n");
    }

    private static ExamQuestion question(String id, Kind kind, String answer) {
        return new ExamQuestion(id, "1.jpg", 8, 8, new SceneQuestion(kind, "What?", answer, ""));
    }
}
