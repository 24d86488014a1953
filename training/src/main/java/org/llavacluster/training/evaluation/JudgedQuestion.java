package org.llavacluster.training.evaluation;

import java.util.Optional;

/**
 * A question whose answers a judge compares.
 *
 * @param id as the questions have it
 * @param image file of its image below the folder of images
 * @param category by which scores are summed up
 * @param context what the image shows, in words and boxes, for a judge that cannot see it; empty without
 * @param reference the answer that counts as 100 percent
 */
public record JudgedQuestion(
        String id, Optional<String> image, String text, String category, String context, String reference) {}
