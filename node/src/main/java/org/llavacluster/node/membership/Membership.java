package org.llavacluster.node.membership;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The current members of the cluster. Reading is cheap and never blocks on the network. */
public interface Membership extends AutoCloseable {

    /** Every member, ordered by id. */
    List<Member> members();

    /** Calls the listener after each change, on any thread; it must not block. */
    Subscription onChange(Runnable listener);

    /** Stops to look for changes. */
    @Override
    default void close() {}

    /** All members of that role, ordered by id. */
    default List<Member> members(MemberRole role) {
        return members().stream().filter(member -> member.role() == role).toList();
    }

    default Optional<Member> find(String id) {
        return members().stream().filter(member -> member.id().equals(id)).findFirst();
    }

    /** Members that never change. */
    static Membership of(List<Member> members) {
        List<Member> sorted =
                members.stream().sorted(Comparator.comparing(Member::id)).toList();
        return new Membership() {
            @Override
            public List<Member> members() {
                return sorted;
            }

            @Override
            public Subscription onChange(Runnable listener) {
                return () -> {};
            }
        };
    }
}
