package org.llavacluster.training.data;

import static org.llavacluster.training.data.ConversationRecord.IMAGE_TAG;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.llavacluster.modelio.tokenizer.Tokenizer;

/**
 * Turns conversations into ids and labels as LLaVA's trainer does, in its peculiarities too: the text is split at the
 * image tag, each part is tokenised alone, and the labels of {@link TrainingTemplate#V1} are found by counting tokens.
 * Thread-safe.
 */
public final class SampleEncoder {

    private final Tokenizer tokenizer;
    private final int imageId;
    private final TrainingTemplate template;
    private final int maxLength;
    private final boolean addsSpaceAfterStop;

    /**
     * @param imageId the id that stands for an image
     * @param maxLength the length to which merged samples will be cut; longer ones are not checked for their count
     */
    public SampleEncoder(Tokenizer tokenizer, int imageId, TrainingTemplate template, int maxLength) {
        this.tokenizer = tokenizer;
        this.imageId = imageId;
        this.template = template;
        this.maxLength = maxLength;
        this.addsSpaceAfterStop = addsSpaceAfterStop(tokenizer);
    }

    /** Whether text after a special token is tokenised as at the start of the text, as LLaMA's first tokenizers do. */
    private static boolean addsSpaceAfterStop(Tokenizer tokenizer) {
        int start = tokenizer.prefix().length;
        int[] after = tokenizer.encode(TrainingTemplate.STOP + "USER");
        int[] alone = tokenizer.encode("USER");
        return Arrays.equals(after, start + 1, after.length, alone, start, alone.length);
    }

    /**
     * Ids and labels of a record, not cut. All labels are ignored where the published trainer drops the sample.
     *
     * @throws UnusableRecordException if the template cannot hold the record
     */
    public TokenSample encode(ConversationRecord sample) {
        if (sample.turns().isEmpty()) {
            throw new UnusableRecordException("the conversation is empty");
        }
        TemplateText prompt = template.render(sample.preparedTurns());
        int[] ids = ids(prompt.text());
        int[] labels =
                switch (template) {
                    case TEXT -> textLabels(ids);
                    case PLAIN -> plainLabels(ids);
                    case V1 -> countedLabels(prompt.text(), ids);
                    case V0 -> spanLabels(prompt, ids);
                };
        return new TokenSample(sample.id(), sample.image(), ids, labels);
    }

    /** Every part between image tags alone, without its start token but for the first. */
    private int[] ids(String text) {
        int skipped = tokenizer.prefix().length;
        int[] ids = {};
        for (String part : text.split(IMAGE_TAG, -1)) {
            int[] more = tokenizer.encode(part);
            if (ids.length == 0 && more.length > 0) {
                ids = more;
            } else {
                int at = ids.length;
                ids = Arrays.copyOf(ids, at + 1 + more.length - skipped);
                ids[at] = imageId;
                System.arraycopy(more, skipped, ids, at + 1, more.length - skipped);
            }
        }
        return ids;
    }

    private static int[] textLabels(int[] ids) {
        int[] labels = ids.clone();
        mask(labels, 0, 1);
        return labels;
    }

    private int[] plainLabels(int[] ids) {
        int[] labels = ids.clone();
        Arrays.fill(labels, 0, ids(IMAGE_TAG).length, TokenSample.IGNORED);
        return labels;
    }

    /**
     * Counts the tokens of each round alone. The start token of a round stands for the stop token at its end, and what
     * comes before the answer is masked but for two: the start token, and the space that the answer's first word takes.
     */
    private int[] countedLabels(String text, int[] ids) {
        int[] labels = ids.clone();
        mask(labels, 0, 1);
        int at = 1;
        String[] rounds = text.split(TrainingTemplate.STOP, -1);
        for (int n = 0; n < rounds.length && !rounds[n].isEmpty(); n++) {
            String[] parts = rounds[n].split(TrainingTemplate.ANSWER_MARK, -1);
            if (parts.length != 2) {
                break;
            }
            mask(labels, at, at + count(parts[0] + TrainingTemplate.ANSWER_MARK, n) - 2);
            at += count(rounds[n], n);
        }
        mask(labels, at, labels.length);
        if (at < maxLength && at != ids.length) {
            mask(labels, 0, labels.length);
        }
        return labels;
    }

    /** Ids of a text at the start of that round, its start token included. */
    private int count(String text, int round) {
        boolean asAtStart = round == 0 || addsSpaceAfterStop;
        return asAtStart ? ids(text).length : ids(TrainingTemplate.STOP + text).length - 1;
    }

    private static void mask(int[] labels, int from, int to) {
        int start = Math.min(from, labels.length);
        Arrays.fill(labels, start, Math.clamp(to, start, labels.length), TokenSample.IGNORED);
    }

    /** A token is learned if it covers a character of a target range. */
    private int[] spanLabels(TemplateText prompt, int[] ids) {
        int[] labels = new int[ids.length];
        Arrays.fill(labels, TokenSample.IGNORED);
        int at = tokenizer.prefix().length;
        int start = 0;
        for (String part : prompt.text().split(IMAGE_TAG, -1)) {
            TokenPlaces places = TokenPlaces.of(tokenizer, part);
            for (TemplateText.Span span : prompt.targets()) {
                int from = Math.clamp((long) span.start() - start, 0, part.length());
                int to = Math.clamp((long) span.end() - start, 0, part.length());
                if (from < to) {
                    learn(labels, ids, at, places, utf8Length(part, from), utf8Length(part, to));
                }
            }
            at += places.count() + 1;
            start += part.length() + IMAGE_TAG.length();
        }
        return labels;
    }

    /** Spans lie on whole characters, so that their bytes of UTF-8 compare as the characters do. */
    private static void learn(int[] labels, int[] ids, int first, TokenPlaces places, int from, int to) {
        for (int n = 0; n < places.count(); n++) {
            if (places.overlaps(n, from, to)) {
                labels[first + n] = ids[first + n];
            }
        }
    }

    private static int utf8Length(String text, int chars) {
        return text.substring(0, chars).getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Ids and labels with the image's rows merged, cut to the length.
     *
     * @param imageRows rows of the image's embeddings
     * @throws UnusableRecordException if the template cannot hold the record
     */
    public TokenSample encode(ConversationRecord sample, int imageRows) {
        return encode(sample).merged(imageId, imageRows, maxLength);
    }
}
