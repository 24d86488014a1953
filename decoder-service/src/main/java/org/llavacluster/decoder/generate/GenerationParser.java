package org.llavacluster.decoder.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.llavacluster.decoder.kv.OpaqueKey;
import org.llavacluster.decoder.loop.Generation;
import org.llavacluster.decoder.scheduler.PromptRows;
import org.llavacluster.model.sampling.InvalidSamplingException;
import org.llavacluster.model.sampling.LogitAdjustments;
import org.llavacluster.model.sampling.SamplingParams;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.LogitBias;
import org.llavacluster.proto.cluster.v1.SamplingSpec;
import org.llavacluster.proto.cluster.v1.Segment;
import org.llavacluster.proto.cluster.v1.Start;

/**
 * Turns Start into a {@link Generation}, or reports its first error with field, limit and value.
 *
 * @param vocabulary number of token ids: valid ids are in {@code [0, vocabulary)}
 * @param contextTokens most positions of prompt and answer together
 * @param imageTokenId id that the repetition penalty sees for an image's rows, as in the reference
 * @param numericsId the id that already produced tokens must have been computed with
 */
public record GenerationParser(int vocabulary, int contextTokens, int imageTokenId, String numericsId) {

    private static final int MAX_KEY_BYTES = FixedLimits.TENSOR_KEY_BYTES.intValue();
    private static final int MAX_STOP_IDS = FixedLimits.STOP_IDS.intValue();
    private static final int MAX_BIASES = FixedLimits.LOGIT_BIASES.intValue();
    private static final int MAX_NODE_ID = 128;

    /** A valid Start; {@code images} in the order of the prompt. */
    record Parsed(Generation generation, List<ImageReference> images) {}

    Parsed parse(Start start) {
        checkNumerics(start);
        List<PromptRows.Segment> segments = new ArrayList<>();
        List<ImageReference> images = new ArrayList<>();
        IntStream.Builder promptIds = IntStream.builder();
        long rows = 0;
        for (int i = 0; i < start.getPromptCount(); i++) {
            Segment segment = start.getPrompt(i);
            String field = "prompt[" + i + "]";
            switch (segment.getSegmentCase()) {
                case TOKENS -> {
                    int[] ids = ids(field + ".tokens.ids", segment.getTokens().getIdsList());
                    if (ids.length > 0) {
                        segments.add(new PromptRows.Segment.Tokens(ids));
                        IntStream.of(ids).forEach(promptIds::add);
                        rows += ids.length;
                    }
                }
                case IMAGE -> {
                    segments.add(image(field + ".image", segment.getImage()));
                    images.add(segment.getImage());
                    promptIds.add(imageTokenId);
                    rows += segment.getImage().getRows();
                }
                case SEGMENT_NOT_SET -> throw FailureException.invalid(field, "must be tokens or an image");
            }
        }
        checkLengths(start, rows);
        int[] stopIds = stopIds(start);
        Generation generation = new Generation(
                new PromptRows(segments),
                promptIds.build().toArray(),
                ids("produced", start.getProducedList()),
                start.getMaxTokens(),
                stopIds,
                sampling(start, stopIds),
                salt(start));
        return new Parsed(generation, List.copyOf(images));
    }

    private void checkNumerics(Start start) {
        if (start.getNumericsId().isEmpty() && start.getProducedCount() > 0) {
            throw FailureException.invalid(
                    "numerics_id", "must be set for the " + start.getProducedCount() + " produced tokens");
        }
        if (!start.getNumericsId().isEmpty() && !start.getNumericsId().equals(numericsId)) {
            throw new FailureException(new Failure.Precondition(
                    "numerics_id must be that of this decoder to continue produced tokens: " + numericsId));
        }
    }

    private void checkLengths(Start start, long rows) {
        if (rows < 1) {
            throw FailureException.invalid("prompt", "must have at least one token or image");
        }
        if (start.getMaxTokens() < 1) {
            throw FailureException.invalid("max_tokens", "must be at least 1, not " + start.getMaxTokens());
        }
        long whole = (long) start.getProducedCount() + start.getMaxTokens();
        if (start.getMinTokens() < 0 || start.getMinTokens() > whole) {
            throw FailureException.invalid(
                    "min_tokens", "must be from 0 to " + whole + ", not " + start.getMinTokens());
        }
        long all = rows + start.getProducedCount() + start.getMaxTokens();
        if (all > contextTokens) {
            throw FailureException.invalid(
                    "max_tokens",
                    start.getMaxTokens() + " exceeds the context of " + contextTokens + " with the prompt's " + rows
                            + " tokens and " + start.getProducedCount() + " produced");
        }
    }

    private int[] ids(String field, List<Integer> values) {
        if (values.size() > contextTokens) {
            throw FailureException.invalid(field, "must have at most " + contextTokens + " ids, not " + values.size());
        }
        int[] ids = new int[values.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = values.get(i);
            if (ids[i] < 0 || ids[i] >= vocabulary) {
                throw FailureException.invalid(
                        field + "[" + i + "]", "must be in [0, " + vocabulary + "), not " + ids[i]);
            }
        }
        return ids;
    }

    private int[] stopIds(Start start) {
        if (start.getStopIdsCount() > MAX_STOP_IDS) {
            throw FailureException.invalid(
                    "stop_ids", "must be at most " + MAX_STOP_IDS + ", not " + start.getStopIdsCount());
        }
        return ids("stop_ids", start.getStopIdsList());
    }

    private static PromptRows.Segment image(String field, ImageReference image) {
        checkSize(field + ".embedding_key", "bytes", image.getEmbeddingKey().size(), 1, MAX_KEY_BYTES);
        checkSize(field + ".feature_key", "bytes", image.getFeatureKey().size(), 1, MAX_KEY_BYTES);
        checkSize(
                field + ".projector_node",
                "characters",
                image.getProjectorNode().length(),
                1,
                MAX_NODE_ID);
        if (image.getRows() < 1) {
            throw FailureException.invalid(field + ".rows", "must be at least 1, not " + image.getRows());
        }
        return new PromptRows.Segment.Image(
                new OpaqueKey(image.getEmbeddingKey().toByteArray()), image.getRows());
    }

    /** Greedy if the spec is absent. */
    private SamplingParams sampling(Start start, int[] stopIds) {
        SamplingSpec spec = start.hasSampling()
                ? start.getSampling()
                : SamplingSpec.newBuilder().setTopP(1).setRepetitionPenalty(1).build();
        try {
            return new SamplingParams(
                    spec.getTemperature(),
                    spec.getTopP(),
                    spec.getTopK(),
                    spec.getMinP(),
                    spec.getRepetitionPenalty(),
                    spec.getSeed(),
                    start.getTopLogprobs(),
                    adjustments(start, spec, stopIds));
        } catch (InvalidSamplingException e) {
            throw new FailureException(new Failure.Invalid(e.field(), e.getMessage()), e);
        }
    }

    private LogitAdjustments adjustments(Start start, SamplingSpec spec, int[] stopIds) {
        if (spec.getLogitBiasCount() > MAX_BIASES) {
            throw FailureException.invalid(
                    "logit_bias", "must be at most " + MAX_BIASES + ", not " + spec.getLogitBiasCount());
        }
        boolean none = spec.getPresencePenalty() == 0
                && spec.getFrequencyPenalty() == 0
                && spec.getLogitBiasCount() == 0
                && start.getMinTokens() == 0;
        if (none) {
            return LogitAdjustments.NONE;
        }
        float[] biases = new float[spec.getLogitBiasCount()];
        for (int i = 0; i < biases.length; i++) {
            biases[i] = spec.getLogitBias(i).getBias();
        }
        List<Integer> biased =
                spec.getLogitBiasList().stream().map(LogitBias::getTokenId).toList();
        return new LogitAdjustments(
                spec.getPresencePenalty(),
                spec.getFrequencyPenalty(),
                ids("logit_bias", biased),
                biases,
                start.getMinTokens(),
                stopIds);
    }

    private static OpaqueKey salt(Start start) {
        checkSize("prefix_salt", "bytes", start.getPrefixSalt().size(), 0, MAX_KEY_BYTES);
        return new OpaqueKey(start.getPrefixSalt().toByteArray());
    }

    private static void checkSize(String field, String unit, int size, int least, int most) {
        if (size < least || size > most) {
            throw FailureException.invalid(field, "must have " + least + " to " + most + " " + unit + ", not " + size);
        }
    }
}
