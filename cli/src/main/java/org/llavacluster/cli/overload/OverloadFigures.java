package org.llavacluster.cli.overload;

import java.util.Collection;
import java.util.List;
import org.llavacluster.cli.bench.SortedValues;

/**
 * What one offered load led to.
 *
 * @param offered requests per second
 * @param goodput complete answers per second
 * @param refused refusals per second
 * @param answers times of answers in milliseconds
 * @param refusals times of refusals in milliseconds
 * @param late how long after they were due requests were sent, in milliseconds
 * @param failures reasons of requests that ended in any other way
 */
record OverloadFigures(
        double offered,
        double goodput,
        double refused,
        SortedValues answers,
        SortedValues refusals,
        SortedValues late,
        List<String> failures) {

    OverloadFigures {
        failures = List.copyOf(failures);
    }

    static OverloadFigures of(
            double offered,
            double seconds,
            Collection<Double> answers,
            Collection<Double> refusals,
            Collection<Double> late,
            List<String> failures) {
        return new OverloadFigures(
                offered,
                answers.size() / seconds,
                refusals.size() / seconds,
                SortedValues.of(answers),
                SortedValues.of(refusals),
                SortedValues.of(late),
                failures);
    }
}
