package org.llavacluster.training.data;

import java.util.List;

/**
 * A conversation as the trainer reads it.
 *
 * @param targets ranges of characters to learn, in order; empty for templates whose labels are counted instead
 */
record TemplateText(String text, List<Span> targets) {

    /** Characters {@code [start, end)}. */
    record Span(int start, int end) {}

    TemplateText {
        targets = List.copyOf(targets);
    }
}
