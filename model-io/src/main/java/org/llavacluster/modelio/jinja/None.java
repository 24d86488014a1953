package org.llavacluster.modelio.jinja;

/** Python's {@code None}. */
public enum None {
    NONE
}
