package org.llavacluster.cli.serve;

import java.util.Locale;

/** Kinds of requests of the mix, with their shares in percent. */
enum ServeKind {
    TEXT(40),
    /** With an image that no other request shows. */
    ONE_IMAGE(25),
    /** With two to four such images. */
    SEVERAL_IMAGES(10),
    /** With one of a few images that come again and again. */
    REPEATED_IMAGE(15),
    /** As the others, but its client leaves before the answer is complete. */
    CANCELLED(10);

    private final int percent;

    ServeKind(int percent) {
        this.percent = percent;
    }

    /** In reports. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The kind of one request.
     *
     * @param drawn in {@code [0, 100)}
     */
    static ServeKind at(int drawn) {
        int left = drawn;
        for (ServeKind kind : values()) {
            left -= kind.percent;
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalArgumentException("drawn: " + drawn);
    }
}
