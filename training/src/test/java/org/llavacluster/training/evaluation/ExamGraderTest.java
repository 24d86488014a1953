package org.llavacluster.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.training.scenes.SceneQuestion;
import org.llavacluster.training.scenes.SceneQuestion.Kind;

class ExamGraderTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "NAME, dog, dog, 1",
                "NAME, dog, \" A Dog. \", 1",
                "NAME, dog, hot dog, 0",
                "NAME, red circle, the red  circle, 1",
                "NAME, dog, \"\", 0",
                "COLOUR, grey, Gray, 1",
                "COLOUR, red, blue, 0",
                "PLACE, top left, Top left., 1",
                "PLACE, centre, center, 1",
                "PLACE, centre, the middle, 1",
                "PLACE, top, top left, 0",
                "COUNT, two, 2, 1",
                "COUNT, two, two., 1",
                "COUNT, two, twelve, 0",
                "YES_NO, yes, \"Yes, there is a dog.\", 1",
                "YES_NO, no, No, 1",
                "YES_NO, no, none, 0",
                "YES_NO, yes, \"no, yes\", 0",
                "LIST, \"dog, red circle\", \"A red circle and a dog.\", 1",
                "LIST, \"dog, red circle\", dog, 0.6667",
                "LIST, \"dog, cat\", \"dog, dog, cow\", 0.5",
                "LIST, dog, \"\", 0",
                "LIST, sandcastle, sandcastle, 1"
            })
    void gradesWhatTheAnswerSays(Kind kind, String expected, String answer, double grade) {
        SceneQuestion question = new SceneQuestion(kind, "?", expected, "");
        assertThat(ExamGrader.grade(question, answer)).isCloseTo(grade, offset(1e-4));
    }
}
