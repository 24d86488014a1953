package org.llavacluster.gateway.placement;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.proto.cluster.v1.Description;

/**
 * The workers that may serve one request together: in each role those that produce the same bits, and roles that match
 * each other and the gateway's own model folder.
 */
public sealed interface Serving {

    /** Every list has at least one worker. */
    record Ready(List<Worker> visions, List<Worker> projectors, List<Worker> decoders) implements Serving {

        public Ready {
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
    }

    /**
     * Text requests can be served, requests with images cannot.
     *
     * @param decoders at least one worker
     * @param reason why images cannot be served, for display, without addresses
     */
    record TextOnly(List<Worker> decoders, String reason) implements Serving {

        public TextOnly {
            decoders = List.copyOf(decoders);
        }
    }

    /** No request can be served; with the reason for display, without addresses. */
    record NotReady(String reason) implements Serving {}

    /**
     * Tokens that a prompt and its answer may have together: the smaller of the model's context and a decoder's KV
     * cache.
     *
     * @param decoder one of the decoders that serve
     */
    static int contextTokens(Worker decoder, ModelConfig model) {
        var told = decoder.description().getDecoder();
        long kv = (long) told.getKvBlocks() * told.getKvBlockTokens();
        return (int)
                Math.min(kv, Math.min(told.getContextTokens(), model.decoder().contextTokens()));
    }

    static Serving of(ClusterView view, ModelConfig model) {
        List<Worker> visions = agreeing(view.workers(MemberRole.VISION));
        List<Worker> projectors = agreeing(view.workers(MemberRole.PROJECTOR));
        List<Worker> decoders = agreeing(view.workers(MemberRole.DECODER));
        if (decoders.isEmpty()) {
            return new NotReady("no decoder node is available");
        }
        String reason = misfit(visions, projectors, decoders, model);
        if (!reason.isEmpty()) {
            return new NotReady(reason);
        }
        if (visions.isEmpty() || projectors.isEmpty()) {
            return new TextOnly(decoders, "no " + (visions.isEmpty() ? "vision" : "projector") + " node is available");
        }
        return new Ready(visions, projectors, decoders);
    }

    /** The largest group of interchangeable workers; of equally large ones always the same. */
    private static List<Worker> agreeing(List<Worker> workers) {
        Map<String, List<Worker>> groups = workers.stream()
                .collect(Collectors.groupingBy(
                        worker -> identity(worker.description()), TreeMap::new, Collectors.toList()));
        return groups.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
    }

    /** Workers of a role with equal ones are interchangeable. */
    static String identity(Description told) {
        return String.join(
                "\n",
                told.getModel(),
                told.getRevision(),
                told.getNumericsId(),
                told.getVision().getPreprocessor());
    }

    /** Why an existing role does not match the model; empty if all do. */
    private static String misfit(
            List<Worker> visions, List<Worker> projectors, List<Worker> decoders, ModelConfig model) {
        int features = model.vision().features();
        int hidden = model.decoder().hiddenSize();
        return Stream.of(
                        visions.stream().flatMap(worker -> {
                            var vision = worker.description().getVision();
                            int rows = model.vision().rowsPerTile();
                            return Stream.of(
                                    differ("rows per tile", "vision nodes", vision.getRowsPerTile(), rows),
                                    differ("features", "vision nodes", vision.getFeatures(), features));
                        }),
                        projectors.stream().flatMap(worker -> {
                            var projector = worker.description().getProjector();
                            return Stream.of(
                                    differ("features", "projector nodes", projector.getFeatures(), features),
                                    differ("hidden size", "projector nodes", projector.getHidden(), hidden));
                        }),
                        decoders.stream().flatMap(worker -> {
                            var decoder = worker.description().getDecoder();
                            int words = model.decoder().vocabulary();
                            return Stream.of(
                                    differ("hidden size", "decoder nodes", decoder.getHidden(), hidden),
                                    differ("vocabulary", "decoder nodes", decoder.getVocabulary(), words));
                        }))
                .flatMap(roles -> roles)
                .filter(difference -> !difference.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Empty if they are equal. */
    private static String differ(String what, String nodes, int theirs, int ours) {
        return theirs == ours ? "" : what + ": the " + nodes + " have " + theirs + ", the gateway's model " + ours;
    }
}
