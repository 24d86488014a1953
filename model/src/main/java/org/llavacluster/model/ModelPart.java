package org.llavacluster.model;

/** The three parts of LLaVA, each of which another process may hold. */
public enum ModelPart {
    VISION,
    PROJECTOR,
    DECODER
}
