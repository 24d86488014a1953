package org.llavacluster.node.membership;

/** The kinds of worker. */
public enum MemberRole {
    VISION,
    PROJECTOR,
    DECODER
}
