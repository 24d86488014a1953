package org.llavacluster.training.scenes;

/** The kinds of records that instruction data has, as LLaVA's article names them, and the captions of stage 1. */
public enum InstructionKind {

    /** Short questions and answers in several turns. */
    CONVERSATION,

    /** A paragraph about everything that is to be seen. */
    DETAIL,

    /** A question that needs a conclusion. */
    REASONING,

    /** A caption, for the alignment of the projector. */
    CAPTION
}
