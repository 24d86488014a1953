package org.llavacluster.training.data;

import java.util.Objects;

/**
 * A record of a file that cannot be learned from.
 *
 * @param id as the file has it; its place in the file if it has none
 * @param reason one sentence without the record's content
 */
public record RefusedRecord(String id, String reason) {

    public RefusedRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(reason, "reason");
    }

    @Override
    public String toString() {
        return "record " + id + ": " + reason;
    }
}
