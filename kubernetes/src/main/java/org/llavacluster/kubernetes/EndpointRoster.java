package org.llavacluster.kubernetes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.llavacluster.node.membership.Member;

/**
 * The members among the endpoints of a cluster's endpoint slices. Takes the time as an argument; for one thread at a
 * time.
 *
 * <ul>
 *   <li>A pod joins when it is ready for the first time.
 *   <li>It stays while a slice lists it, ready or not: a pod that terminates still hands its requests over and sends
 *       its tensors, and one whose readiness probe timed out under load still serves. Its own reports say whether it
 *       gets new work.
 *   <li>It leaves {@link #LINGER} after no slice lists it any more. Kubernetes may move an endpoint from one slice to
 *       another, and for a moment neither has it. A pod that is gone is noticed by its silence before that.
 * </ul>
 */
final class EndpointRoster {

    static final Duration LINGER = Duration.ofSeconds(5);

    /** A member that no slice lists any more. */
    private record Leaving(Member member, long untilNanos) {}

    private final Map<String, List<SliceEndpoint>> slices = new TreeMap<>();
    private final Map<String, Member> joined = new HashMap<>();
    private final Map<String, Leaving> leaving = new HashMap<>();

    /** A slice is new or has changed. */
    void put(String slice, List<SliceEndpoint> endpoints, long nowNanos) {
        slices.put(slice, List.copyOf(endpoints));
        update(nowNanos);
    }

    /** A slice was deleted. */
    void remove(String slice, long nowNanos) {
        slices.remove(slice);
        update(nowNanos);
    }

    /** Time has passed. */
    void expire(long nowNanos) {
        leaving.values().removeIf(left -> left.untilNanos - nowNanos <= 0);
    }

    /** When {@link #expire} may change something; empty if nothing leaves. */
    OptionalLong nextExpiry() {
        return leaving.values().stream().mapToLong(Leaving::untilNanos).reduce((a, b) -> a - b < 0 ? a : b);
    }

    /** All members, ordered by id. */
    List<Member> members() {
        List<Member> members = new ArrayList<>(joined.values());
        leaving.values().forEach(left -> members.add(left.member));
        members.sort(Comparator.comparing(Member::id));
        return List.copyOf(members);
    }

    private void update(long nowNanos) {
        Map<String, SliceEndpoint> listed = listed();
        joined.values().removeIf(member -> {
            boolean gone = !listed.containsKey(member.id());
            if (gone) {
                leaving.put(member.id(), new Leaving(member, nowNanos + LINGER.toNanos()));
            }
            return gone;
        });
        for (SliceEndpoint endpoint : listed.values()) {
            Member member = endpoint.member();
            Leaving left = leaving.get(member.id());
            boolean stays = member.equals(joined.get(member.id())) || left != null && left.member.equals(member);
            if (endpoint.ready() || stays) {
                joined.put(member.id(), member);
                leaving.remove(member.id());
            } else {
                joined.remove(member.id());
            }
        }
        expire(nowNanos);
    }

    /** Each listed pod once. While it moves between slices, two may list it: the one where it is ready counts. */
    private Map<String, SliceEndpoint> listed() {
        Map<String, SliceEndpoint> listed = new HashMap<>();
        for (List<SliceEndpoint> endpoints : slices.values()) {
            for (SliceEndpoint endpoint : endpoints) {
                listed.merge(endpoint.pod(), endpoint, (first, second) -> second.ready() ? second : first);
            }
        }
        return listed;
    }
}
