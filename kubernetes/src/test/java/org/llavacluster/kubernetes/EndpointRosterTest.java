package org.llavacluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;

class EndpointRosterTest {

    private static final long LINGER = EndpointRoster.LINGER.toNanos();

    private final EndpointRoster roster = new EndpointRoster();

    private static SliceEndpoint decoder(String pod, String host, boolean ready) {
        return new SliceEndpoint(pod, MemberRole.DECODER, host, 9000, ready);
    }

    private List<String> ids() {
        return roster.members().stream().map(Member::id).toList();
    }

    @Test
    void shouldLetAPodJoinWhenItIsReady() {
        roster.put("s", List.of(decoder("b", "10.0.0.2", true), decoder("a", "10.0.0.1", false)), 0);
        assertThat(roster.members()).containsExactly(new Member("b", MemberRole.DECODER, "10.0.0.2", 9000));

        roster.put("s", List.of(decoder("b", "10.0.0.2", true), decoder("a", "10.0.0.1", true)), 1);
        assertThat(ids()).containsExactly("a", "b");
    }

    @Test
    void shouldKeepAPodThatTerminatesOrIsNotReadyForAWhile() {
        roster.put("s", List.of(decoder("a", "10.0.0.1", true)), 0);
        roster.put("s", List.of(decoder("a", "10.0.0.1", false)), 1);

        assertThat(ids()).containsExactly("a");
        assertThat(roster.nextExpiry()).isEqualTo(OptionalLong.empty());
    }

    @Test
    void shouldLetAPodLeaveAWhileAfterNoSliceListsIt() {
        roster.put("s", List.of(decoder("a", "10.0.0.1", true), decoder("b", "10.0.0.2", true)), 0);
        roster.put("s", List.of(decoder("b", "10.0.0.2", true)), 10);

        assertThat(ids()).containsExactly("a", "b");
        assertThat(roster.nextExpiry()).hasValue(10 + LINGER);
        roster.expire(9 + LINGER);
        assertThat(ids()).containsExactly("a", "b");
        roster.expire(10 + LINGER);
        assertThat(ids()).containsExactly("b");
        assertThat(roster.nextExpiry()).isEmpty();
    }

    @Test
    void shouldNotLoseAnEndpointThatMovesBetweenSlices() {
        roster.put("one", List.of(decoder("a", "10.0.0.1", true)), 0);
        roster.remove("one", 10);
        assertThat(ids()).containsExactly("a");

        roster.put("two", List.of(decoder("a", "10.0.0.1", false)), 20);
        assertThat(ids()).containsExactly("a");
        assertThat(roster.nextExpiry()).isEmpty();
    }

    @Test
    void shouldListAnEndpointOfTwoSlicesOnce() {
        roster.put("one", List.of(decoder("a", "10.0.0.1", true)), 0);
        roster.put("two", List.of(decoder("a", "10.0.0.1", false)), 1);
        assertThat(ids()).containsExactly("a");

        roster.remove("one", 2);
        assertThat(ids()).containsExactly("a");
    }

    @Test
    void shouldTreatANameWithAnotherAddressAsAnotherPod() {
        roster.put("s", List.of(decoder("a", "10.0.0.1", true)), 0);

        roster.put("s", List.of(decoder("a", "10.0.0.9", false)), 1);
        assertThat(roster.members()).isEmpty();

        roster.put("s", List.of(decoder("a", "10.0.0.9", true)), 2);
        assertThat(roster.members()).extracting(Member::host).containsExactly("10.0.0.9");
    }

    @Test
    void shouldExpireInTheOrderOfTimeAlsoWhenTheClockWraps() {
        long late = Long.MAX_VALUE - LINGER / 2;
        roster.put("s", List.of(decoder("a", "10.0.0.1", true)), late);
        roster.remove("s", late);

        roster.expire(Long.MAX_VALUE);
        assertThat(ids()).containsExactly("a");
        roster.expire(late + LINGER);
        assertThat(ids()).isEmpty();
    }
}
