package org.llavacluster.gateway.scaling;

import java.util.List;
import java.util.Set;
import org.llavacluster.node.membership.ChangeListeners;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.membership.Subscription;

/** Members of roles that a test scales to zero and back. */
final class SwitchedMembership implements Membership {

    private final List<Member> all;
    private final ChangeListeners listeners = new ChangeListeners();
    private volatile Set<MemberRole> roles = Set.of();

    /** None is there at first. */
    SwitchedMembership(List<Member> all) {
        this.all = List.copyOf(all);
    }

    void show(MemberRole... shown) {
        roles = Set.of(shown);
        listeners.changed();
    }

    @Override
    public List<Member> members() {
        return all.stream().filter(member -> roles.contains(member.role())).toList();
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }
}
