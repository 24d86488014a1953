package org.llavacluster.training.run;

import java.util.Set;
import org.llavacluster.training.data.TrainingTemplate;

/**
 * LLaVA's two stages, with the settings of LLaVA 1.5 (arXiv 2310.03744, table 9), and the two before them that make a
 * small model from nothing.
 */
public enum TrainingStage {

    /** Teaches the decoder the language of the conversations, without their images. */
    LLAMA(TrainingTemplate.TEXT, 1e-3, 64, Set.of("decoder.")),

    /** Teaches the vision tower to see what captions name: all three parts learn. */
    CAPTION(TrainingTemplate.PLAIN, 5e-4, 64, Set.of("vision.", "projector.", "decoder.")),

    /** Aligns image features with the decoder: only the projector learns, from captions. */
    PROJECTOR(TrainingTemplate.PLAIN, 1e-3, 256, Set.of("projector.")),

    /** Tunes projector and decoder on conversations. */
    INSTRUCT(TrainingTemplate.V1, 2e-5, 128, Set.of("projector.", "decoder."));

    private final TrainingTemplate template;
    private final double rate;
    private final int batch;
    private final Set<String> trained;

    TrainingStage(TrainingTemplate template, double rate, int batch, Set<String> trained) {
        this.template = template;
        this.rate = rate;
        this.batch = batch;
        this.trained = trained;
    }

    public TrainingTemplate template() {
        return template;
    }

    /** The highest learning rate. */
    public double rate() {
        return rate;
    }

    /** Samples of an update. */
    public int batch() {
        return batch;
    }

    /** Whether a weight learns, by its name in the programs. */
    boolean trains(String weight) {
        return trained.stream().anyMatch(weight::startsWith);
    }

    /** Whether it learns from images, and not from text alone. */
    public boolean usesImages() {
        return this != LLAMA;
    }

    /** Whether the vision tower learns, so that its features cannot be computed once. */
    boolean trainsTower() {
        return this == CAPTION;
    }
}
