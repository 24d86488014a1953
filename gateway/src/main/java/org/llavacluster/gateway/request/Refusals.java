package org.llavacluster.gateway.request;

import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** Messages of refused requests: the field, the rule or limit, the value; never content. */
final class Refusals {

    private Refusals() {}

    /** An error in a field without a value to show. */
    static FailureException refuse(String field, String what) {
        return new FailureException(new Failure.Invalid(field, field + " " + what));
    }

    /** A value beyond its limit. */
    static FailureException beyond(String field, String what, long limit, long given) {
        return refuse(field, "may hold at most " + limit + " " + what + ", given " + given);
    }

    static FailureException outside(String field, String range, Object given) {
        return refuse(field, "must be " + range + ", given " + given);
    }
}
