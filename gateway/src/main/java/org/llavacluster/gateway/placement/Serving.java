package org.llavacluster.gateway.placement;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.text.config.ModelConfig;

/**
 * The workers that may serve one request together: in each role those that produce the same bits, and roles that fit each other
 * and the gateway's own model folder.
 */
public sealed interface Serving {

    /** Every list has at least one worker. */
    record Together(List<Worker> visions, List<Worker> projectors, List<Worker> decoders) implements Serving {

        public Together {
            visions = List.copyOf(visions);
            projectors = List.copyOf(projectors);
            decoders = List.copyOf(decoders);
        }

        public Description vision() {
            return visions.getFirst().description();
        }

        public Description projector() {
            return projectors.getFirst().description();
        }

        public Description decoder() {
            return decoders.getFirst().description();
        }

        /** Tokens that a prompt and its answer may have together: what the model was made for and the KV cache holds. */
        public int contextTokens(ModelConfig model) {
            long kv = (long) decoder().getDecoder().getKvBlocks()
                    * decoder().getDecoder().getKvBlockTokens();
            int told = decoder().getDecoder().getContextTokens();
            return (int) Math.min(kv, Math.min(told, model.decoder().contextTokens()));
        }
    }

    /** No request can be served, and why: for people, without addresses. */
    record Apart(String reason) implements Serving {}

    static Serving of(ClusterView view, ModelConfig model) {
        List<Worker> visions = agreeing(view.workers(MemberRole.VISION));
        List<Worker> projectors = agreeing(view.workers(MemberRole.PROJECTOR));
        List<Worker> decoders = agreeing(view.workers(MemberRole.DECODER));
        if (visions.isEmpty()) {
            return new Apart("no vision node is there");
        }
        if (projectors.isEmpty()) {
            return new Apart("no projector node is there");
        }
        if (decoders.isEmpty()) {
            return new Apart("no decoder node is there");
        }
        Together together = new Together(visions, projectors, decoders);
        String reason = misfit(together, model);
        return reason.isEmpty() ? together : new Apart(reason);
    }

    /** The largest group whose members may stand in for each other; of equally large ones always the same. */
    private static List<Worker> agreeing(List<Worker> workers) {
        Map<String, List<Worker>> groups =
                workers.stream().collect(Collectors.groupingBy(Serving::identity, TreeMap::new, Collectors.toList()));
        return groups.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
    }

    private static String identity(Worker worker) {
        Description told = worker.description();
        return String.join(
                "\n",
                told.getModel(),
                told.getRevision(),
                told.getNumericsId(),
                told.getVision().getPreprocessor());
    }

    private static String misfit(Together together, ModelConfig model) {
        var vision = together.vision().getVision();
        var projector = together.projector().getProjector();
        var decoder = together.decoder().getDecoder();
        if (vision.getRowsPerTile() != model.vision().rowsPerTile()) {
            return differ(
                    "rows per tile",
                    "vision nodes",
                    vision.getRowsPerTile(),
                    model.vision().rowsPerTile());
        }
        if (vision.getFeatures() != model.vision().features()) {
            return differ(
                    "features",
                    "vision nodes",
                    vision.getFeatures(),
                    model.vision().features());
        }
        if (projector.getFeatures() != model.vision().features()) {
            return differ(
                    "features",
                    "projector nodes",
                    projector.getFeatures(),
                    model.vision().features());
        }
        if (projector.getHidden() != model.decoder().hiddenSize()) {
            return differ(
                    "hidden size",
                    "projector nodes",
                    projector.getHidden(),
                    model.decoder().hiddenSize());
        }
        if (decoder.getHidden() != model.decoder().hiddenSize()) {
            return differ(
                    "hidden size",
                    "decoder nodes",
                    decoder.getHidden(),
                    model.decoder().hiddenSize());
        }
        if (decoder.getVocabulary() != model.decoder().vocabulary()) {
            return differ(
                    "vocabulary",
                    "decoder nodes",
                    decoder.getVocabulary(),
                    model.decoder().vocabulary());
        }
        return "";
    }

    private static String differ(String what, String nodes, int theirs, int ours) {
        return what + ": the " + nodes + " have " + theirs + ", the gateway's model " + ours;
    }
}
