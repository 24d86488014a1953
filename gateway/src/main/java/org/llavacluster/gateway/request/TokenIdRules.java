package org.llavacluster.gateway.request;

/** The rules for token ids in a request. */
final class TokenIdRules {

    private TokenIdRules() {}

    /**
     * @param vocabulary number of token ids
     */
    static int check(String field, long id, int vocabulary) {
        if (id < 0 || id >= vocabulary) {
            throw Refusals.refuse(
                    field, "must hold ids of the vocabulary, from 0 to " + (vocabulary - 1) + ", given " + id);
        }
        return (int) id;
    }
}
