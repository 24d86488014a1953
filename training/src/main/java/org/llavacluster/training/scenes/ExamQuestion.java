package org.llavacluster.training.scenes;

import java.util.Objects;

/**
 * A question about an image to judge a model by.
 *
 * @param id unique within the exam
 * @param image file below the folder of images
 * @param width of the image in pixels
 * @param height of the image in pixels
 */
public record ExamQuestion(String id, String image, int width, int height, SceneQuestion question) {

    public ExamQuestion {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(question, "question");
    }
}
