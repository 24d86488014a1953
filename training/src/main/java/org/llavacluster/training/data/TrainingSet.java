package org.llavacluster.training.data;

import java.util.ArrayList;
import java.util.List;

/**
 * The records of a file that can be learned from, with those that cannot.
 *
 * @param records in the order of the file
 * @param refused in the order of the file
 */
public record TrainingSet(List<ConversationRecord> records, List<RefusedRecord> refused) {

    /** Refused records that a message names; the others are counted. */
    private static final int NAMED = 20;

    public TrainingSet {
        records = List.copyOf(records);
        refused = List.copyOf(refused);
    }

    /**
     * Reads a file and checks each of its records: that it is a conversation, that its image is there, and that it
     * leaves something to learn.
     *
     * @param imageRows rows that an image takes among the ids
     * @throws TrainingDataException if the file is not a JSON list, or nothing in it can be learned from
     */
    public static TrainingSet read(ConversationFile file, ImageFolder images, SampleEncoder encoder, int imageRows) {
        List<ConversationRecord> records = new ArrayList<>();
        List<RefusedRecord> refused = new ArrayList<>();
        file.read(
                sample -> {
                    try {
                        sample.image().ifPresent(images::file);
                        requireTargets(encoder.encode(sample, imageRows));
                        records.add(sample);
                    } catch (UnusableRecordException e) {
                        refused.add(new RefusedRecord(sample.id(), e.getMessage()));
                    }
                },
                refused::add);
        TrainingSet set = new TrainingSet(records, refused);
        if (records.isEmpty()) {
            throw new TrainingDataException("no record can be learned from" + set.refusals());
        }
        return set;
    }

    /**
     * Refuses the whole set if any record was refused.
     *
     * @throws TrainingDataException naming the records and their faults
     */
    public TrainingSet strict() {
        if (!refused.isEmpty()) {
            throw new TrainingDataException(refused.size() + " of " + (records.size() + refused.size())
                    + " records cannot be learned from" + refusals());
        }
        return this;
    }

    private static void requireTargets(TokenSample sample) {
        if (sample.targets() == 0) {
            throw new UnusableRecordException("nothing in it is to be learned: no answer is left within the length");
        }
    }

    private String refusals() {
        StringBuilder list = new StringBuilder();
        for (int n = 0; n < Math.min(NAMED, refused.size()); n++) {
            list.append(n == 0 ? ": " : "; ").append(refused.get(n));
        }
        return refused.size() > NAMED ? list + "; and " + (refused.size() - NAMED) + " more" : list.toString();
    }
}
