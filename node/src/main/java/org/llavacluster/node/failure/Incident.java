package org.llavacluster.node.failure;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * A broken invariant of this program. The caller gets the incident's id; the log gets the details without any content.
 */
public final class Incident {

    private static final int FRAMES = 12;

    private Incident() {}

    /** A new id. */
    public static String next() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** Types and places of the exception and its causes, without messages, which may quote the request. */
    public static String describe(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < 5; depth++, at = at.getCause()) {
            text.append(depth == 0 ? "" : ", caused by ")
                    .append(at.getClass().getName())
                    .append(Arrays.stream(at.getStackTrace())
                            .limit(FRAMES)
                            .map(StackTraceElement::toString)
                            .collect(Collectors.joining(" < ", " at ", "")));
        }
        return text.toString();
    }
}
