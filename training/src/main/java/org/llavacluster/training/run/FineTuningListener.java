package org.llavacluster.training.run;

import java.util.List;
import org.llavacluster.training.data.RefusedRecord;

/** What a run reports while it works. */
public interface FineTuningListener {

    /** A part of the data has been checked and its images encoded. */
    default void prepared(long records, long imagesEncoded) {}

    /** All data has been checked: the run starts or continues. */
    default void starting(int records, List<RefusedRecord> refused, int updatesDone, int updates) {}

    /** An update has been made. */
    default void updated(UpdateReport report, int updates) {}

    /** A checkpoint holds that many updates. */
    default void saved(int updates) {}
}
