package org.llavacluster.training.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

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

    /** The images of records. */
    @FunctionalInterface
    public interface Images {

        /**
         * How many rows of an image enter the decoder.
         *
         * @param path as the record has it
         * @throws UnusableRecordException if the image cannot be used
         */
        int rows(String path);
    }

    /**
     * Reads a file and checks each of its records: that it is a conversation, that its image can be used, and that it
     * leaves something to learn.
     *
     * @param checked called after each record
     * @param prepared makes what is learned of a conversation in the file
     * @throws TrainingDataException if the file is not a JSON list, or nothing in it can be learned from
     */
    public static TrainingSet read(
            ConversationFile file,
            UnaryOperator<ConversationRecord> prepared,
            SampleEncoder encoder,
            Images images,
            Runnable checked) {
        List<ConversationRecord> records = new ArrayList<>();
        List<RefusedRecord> refused = new ArrayList<>();
        file.read(
                conversation -> {
                    ConversationRecord sample = prepared.apply(conversation);
                    try {
                        int rows = sample.image().map(images::rows).orElse(0);
                        requireTargets(encoder.encode(sample, rows));
                        records.add(sample);
                    } catch (UnusableRecordException e) {
                        refused.add(new RefusedRecord(sample.id(), e.getMessage()));
                    }
                    checked.run();
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
