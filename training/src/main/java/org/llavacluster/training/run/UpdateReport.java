package org.llavacluster.training.run;

import java.util.List;

/**
 * What an update was.
 *
 * @param update counted from 0
 * @param loss the mean cross entropy over all targets of the update
 * @param gradientNorm before clipping
 * @param targets of all its batches
 * @param records ids of its samples
 */
public record UpdateReport(int update, double loss, double gradientNorm, int targets, List<String> records) {

    public UpdateReport {
        records = List.copyOf(records);
    }
}
