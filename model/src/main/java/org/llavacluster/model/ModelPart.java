package org.llavacluster.model;

/** The three parts of LLaVA. Each may run in another process. */
public enum ModelPart {
    VISION,
    PROJECTOR,
    DECODER
}
