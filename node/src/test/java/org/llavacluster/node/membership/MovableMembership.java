package org.llavacluster.node.membership;

import java.util.Comparator;
import java.util.List;

/** Members that a test changes. */
public final class MovableMembership implements Membership {

    private final ChangeListeners listeners = new ChangeListeners();
    private volatile List<Member> members = List.of();

    public void set(Member... now) {
        members = List.of(now).stream().sorted(Comparator.comparing(Member::id)).toList();
        listeners.changed();
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }
}
