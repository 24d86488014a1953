package org.llavacluster.training.run;

import org.llavacluster.training.data.TrainingTemplate;

/** LLaVA's two stages, with the settings of LLaVA 1.5 (arXiv 2310.03744, table 9). */
public enum TrainingStage {

    /** Aligns image features with the decoder: only the projector learns, from captions. */
    PROJECTOR(TrainingTemplate.PLAIN, 1e-3, 256),

    /** Tunes projector and decoder on conversations. */
    INSTRUCT(TrainingTemplate.V1, 2e-5, 128);

    private final TrainingTemplate template;
    private final double rate;
    private final int batch;

    TrainingStage(TrainingTemplate template, double rate, int batch) {
        this.template = template;
        this.rate = rate;
        this.batch = batch;
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
        return weight.startsWith("projector.") || this == INSTRUCT && weight.startsWith("decoder.");
    }
}
