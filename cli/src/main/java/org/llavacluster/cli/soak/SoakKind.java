package org.llavacluster.cli.soak;

/** What a request of a soak is about. */
enum SoakKind {
    /** One of a few texts, again and again. */
    TEXT(30),
    /** An image that no request had before. */
    NEW_IMAGE(15),
    /** Two to four images, of which some were seen before. */
    SEVERAL_IMAGES(10),
    /** One of a few images, again and again. */
    REPEATED_IMAGE(15),
    /** An image that is put first and asked about by its id. */
    STORED_IMAGE(5),
    /** The client leaves before the answer is whole. */
    CANCELLED(10),
    /** Something that has to be refused. */
    WRONG(10),
    /** A long answer that the client reads slowly. */
    SLOW_READER(5);

    private final int share;

    /** @param share of the mix, in percent */
    SoakKind(int share) {
        this.share = share;
    }

    /** The kind at that place of a hundred. */
    static SoakKind at(int place) {
        int end = 0;
        for (SoakKind kind : values()) {
            end += kind.share;
            if (place < end) {
                return kind;
            }
        }
        throw new IllegalArgumentException("place " + place + " of " + end);
    }
}
