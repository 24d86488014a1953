package org.llavacluster.fuzz;

import java.util.stream.Stream;

/**
 * An input that an entrance did not take as it promises to.
 *
 * @param number of the input in its run
 * @param input as small as it could be made
 */
public record FuzzFinding(long number, byte[] input, Throwable cause) {

    private static final int SHOWN = 200;

    /** The same for inputs that fail at the same place in the same way. */
    static String place(Throwable cause) {
        String where = Stream.of(cause.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("org.llavacluster.")
                        && !frame.getClassName().startsWith("org.llavacluster.fuzz."))
                .findFirst()
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber())
                .orElse("");
        String inner = cause.getCause() == null ? "" : " of " + place(cause.getCause());
        return cause.getClass().getName() + " at " + where + inner;
    }

    String describe() {
        String message = String.valueOf(cause.getMessage());
        String shown = message.length() > SHOWN ? message.substring(0, SHOWN) + "..." : message;
        return "input " + number + " (" + input.length + " bytes): " + place(cause) + ": " + shown;
    }
}
