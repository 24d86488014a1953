package org.llavacluster.gateway.request;

/** Token ids that a request names. */
final class TokenIdRules {

    private TokenIdRules() {}

    /** @param vocabulary ids are below it */
    static int check(String field, long id, int vocabulary) {
        if (id < 0 || id >= vocabulary) {
            throw Refusals.refuse(
                    field, "must hold ids of the vocabulary, from 0 to " + (vocabulary - 1) + ", given " + id);
        }
        return (int) id;
    }
}
