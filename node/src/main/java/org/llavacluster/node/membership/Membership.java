package org.llavacluster.node.membership;

import java.util.List;
import java.util.Optional;

/** Who is in the cluster now. Reading it is cheap and never blocks on the network. */
public interface Membership {

    /** All members of that role, ordered by id. */
    List<Member> members(MemberRole role);

    Optional<Member> find(String id);
}
