package org.llavacluster.decoder.loop;

import java.util.List;
import org.llavacluster.model.decoder.SequenceRows;
import org.llavacluster.model.decoder.StepLogits;

/** The decoder model as the loop uses it. */
@FunctionalInterface
public interface StepComputer {

    /** See {@link org.llavacluster.model.decoder.DecoderModel#step}. */
    StepLogits step(List<SequenceRows> sequences);
}
