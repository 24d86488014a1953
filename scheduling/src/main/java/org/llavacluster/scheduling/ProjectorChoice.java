package org.llavacluster.scheduling;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.scheduling.image.BoundedRendezvous;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.worker.WorkerNode;
import org.llavacluster.scheduling.worker.WorkerRole;

/** Which projector makes the embeddings of an image, and the next one where they could not be had. */
final class ProjectorChoice {

    private static final double SLACK = 1.25;

    private final SchedulerContext context;
    private final BoundedRendezvous rendezvous = new BoundedRendezvous(SLACK);

    ProjectorChoice(SchedulerContext context) {
        this.context = context;
    }

    List<WorkerNode> usable(ScheduledRequest request) {
        return context.workers.usable(
                context.now, WorkerRole.PROJECTOR, request.spec.models().projector());
    }

    boolean isHopeful(ScheduledRequest request) {
        return context.workers.hopeful(
                context.now, WorkerRole.PROJECTOR, request.spec.models().projector());
    }

    /** The one that should have the embeddings, while it is there; else the next one, if there is any. */
    String of(ScheduledRequest request, ImageSpec image) {
        String before = request.projectors.getOrDefault(image.featureKey(), "");
        List<WorkerNode> usable = usable(request);
        if (usable.stream().anyMatch(node -> node.id().equals(before))) {
            return before;
        }
        return rendezvous
                .choose(image.featureKey(), image.rows(), usable, lost(request, image))
                .map(node -> take(request, image, node))
                .orElse(before);
    }

    /** Another one than all that the image could not be had of; empty if there is none. */
    Optional<String> other(ScheduledRequest request, ImageSpec image) {
        Set<String> lost = lost(request, image);
        lost.add(request.projectors.get(image.featureKey()));
        return rendezvous
                .choose(image.featureKey(), image.rows(), usable(request), lost)
                .filter(node -> !lost.contains(node.id()))
                .map(node -> take(request, image, node));
    }

    private static String take(ScheduledRequest request, ImageSpec image, WorkerNode node) {
        request.projectors.put(image.featureKey(), node.id());
        return node.id();
    }

    private static Set<String> lost(ScheduledRequest request, ImageSpec image) {
        return request.lostProjectors.computeIfAbsent(image.featureKey(), _ -> new HashSet<>());
    }
}
