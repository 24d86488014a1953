package org.llavacluster.scheduling;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.queue.QueueEntry;
import org.llavacluster.scheduling.worker.WorkerNode;

/** A request that has not ended. */
final class ScheduledRequest {

    enum Place {
        WAITING_FOR_VISION,
        ENCODING,
        WAITING_FOR_DECODER,
        GENERATING
    }

    final RequestSpec spec;
    final long ticket;
    Place place = Place.WAITING_FOR_VISION;

    /** In the queue that it waits in; null in none. */
    QueueEntry entry;

    /** Images that are being encoded, by FeatureKey. */
    final Set<ContentDigest> encoding = new LinkedHashSet<>();

    /** Of these, images that the decoder asked for. */
    final Set<ContentDigest> asked = new HashSet<>();

    /** Vision node that each image was last known at. */
    final Map<ContentDigest, String> visions = new HashMap<>();

    final Map<ContentDigest, String> projectors = new HashMap<>();

    /** How often the decoder missed each image. */
    final Map<ContentDigest, Integer> misses = new HashMap<>();

    /** Of the decoders, which only changes while there are no tokens. */
    String decoderIdentity;

    /** Null while it is at none. */
    WorkerNode decoder;

    int attempt;
    int produced;
    int failures;

    /** Calls that ended early, those not counted that were handed over. */
    int broken;

    /** Decoders that died under it, as far as is known, with the time. */
    final Map<WorkerNode, Long> deaths = new LinkedHashMap<>();

    final Set<String> failedAt = new HashSet<>();

    /** Before that time no decoder of {@link #failedAt} is called again. */
    long pausedNanos = Long.MIN_VALUE;

    /** Projectors that each image could not be had of. */
    final Map<ContentDigest, Set<String>> lostProjectors = new HashMap<>();

    /** Of this attempt: prompt tokens to compute, and those of the KV cache. */
    long work;

    long kvTokens;
    int expectedCached;
    boolean accepted;
    boolean streaming;
    boolean startedEarly;
    boolean imagesReady;
    long generateNanos;

    ScheduledRequest(RequestSpec spec, long ticket) {
        this.spec = spec;
        this.ticket = ticket;
        this.decoderIdentity = spec.models().decoder();
    }

    long id() {
        return spec.id();
    }
}
