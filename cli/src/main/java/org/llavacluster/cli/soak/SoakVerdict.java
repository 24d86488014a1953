package org.llavacluster.cli.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether a soak passed.
 *
 * @param reasons why not; empty if it did
 */
record SoakVerdict(List<String> reasons) {

    SoakVerdict {
        reasons = List.copyOf(reasons);
    }

    /**
     * The verdict on what was measured.
     *
     * @param residentSlopes by process, MB per minute
     * @param limit a slope at or above it is a leak
     * @param wrong whatever must not happen and did
     */
    static SoakVerdict of(Map<String, Double> residentSlopes, double limit, List<String> wrong) {
        List<String> reasons = new ArrayList<>();
        residentSlopes.forEach((process, slope) -> {
            if (slope >= limit) {
                reasons.add("%s: its resident memory grows by %.2f MB/min, which is not below %.2f"
                        .formatted(process, slope, limit));
            }
        });
        reasons.addAll(wrong);
        return new SoakVerdict(reasons);
    }

    boolean passed() {
        return reasons.isEmpty();
    }
}
