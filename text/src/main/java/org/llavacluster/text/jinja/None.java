package org.llavacluster.text.jinja;

/** Python's {@code None}. */
public enum None {
    NONE
}
