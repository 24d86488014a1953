package org.llavacluster.node.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.node.config.AtLimit;
import org.llavacluster.node.config.FixedLimits;

/** Holds the limit {@code FixedLimits.MEMBERSHIP_BYTES}. */
@Timeout(60)
class FileMembershipTest {

    private static final Member VISION = new Member("vision-0", MemberRole.VISION, "127.0.0.1", 40001);
    private static final Member DECODER = new Member("decoder-0", MemberRole.DECODER, "127.0.0.1", 40003);

    @TempDir
    private Path folder;

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);

    @AfterEach
    void stopTimers() {
        timers.shutdownNow();
    }

    private void replace(byte[] content) throws Exception {
        Path next = Files.write(folder.resolve("next"), content);
        Files.move(next, folder.resolve("members.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void shouldFollowTheFileByItself() throws Exception {
        try (FileMembership membership = new FileMembership(folder.resolve("members.json"), timers)) {
            Semaphore changes = new Semaphore(0);
            Subscription subscription = membership.onChange(changes::release);
            assertThat(membership.members()).isEmpty();
            replace(MembershipFile.write(List.of(VISION, DECODER)));
            changes.acquire();
            assertThat(membership.members()).containsExactly(DECODER, VISION);
            assertThat(membership.members(MemberRole.VISION)).containsExactly(VISION);
            assertThat(membership.find("decoder-0")).contains(DECODER);
            assertThat(membership.find("nobody")).isEmpty();
            replace(MembershipFile.write(List.of(DECODER)));
            changes.acquire();
            assertThat(membership.members()).containsExactly(DECODER);
            subscription.close();
        }
    }

    @Test
    void shouldKeepTheLastMembersWhileTheFileIsBroken() throws Exception {
        replace(MembershipFile.write(List.of(VISION)));
        try (FileMembership membership = new FileMembership(folder.resolve("members.json"), timers)) {
            AtomicInteger changes = new AtomicInteger();
            membership.onChange(changes::incrementAndGet);
            replace("{\"members\":[{\"id\":".getBytes(StandardCharsets.UTF_8));
            membership.look();
            assertThat(membership.members()).containsExactly(VISION);
            Files.delete(folder.resolve("members.json"));
            membership.look();
            assertThat(membership.members()).containsExactly(VISION);
            replace(MembershipFile.write(List.of(VISION)));
            membership.look();
            assertThat(changes).hasValue(0);
        }
    }

    @Test
    void shouldReadAFileOfTheLimitAndNotAByteMore() throws Exception {
        replace(MembershipFile.write(List.of(DECODER)));
        try (FileMembership membership = new FileMembership(folder.resolve("members.json"), timers)) {
            AtLimit.of(FixedLimits.MEMBERSHIP_BYTES)
                    .accepted(bytes ->
                            assertThat(membersOf(membership, bytes, VISION)).containsExactly(VISION))
                    .refused(bytes ->
                            assertThat(membersOf(membership, bytes, DECODER)).containsExactly(VISION));
        }
    }

    /** Members after a look at a file of that many bytes. */
    private List<Member> membersOf(FileMembership membership, long bytes, Member member) {
        byte[] file = Arrays.copyOf(MembershipFile.write(List.of(member)), Math.toIntExact(bytes));
        Arrays.fill(file, MembershipFile.write(List.of(member)).length, file.length, (byte) ' ');
        try {
            replace(file);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        membership.look();
        return membership.members();
    }

    @Test
    void shouldNameWhatIsWrong() {
        assertThat(MembershipFile.parse(bytes("{\"members\":[]}"))).isEmpty();
        assertRefused("members must be a list", "{}");
        assertRefused("not JSON, line 1", "nonsense");
        assertRefused("members[0]: ", "{\"members\":[{\"id\":\"a\",\"role\":\"WAITER\",\"host\":\"h\",\"port\":1}]}");
        assertRefused(
                "members[0]: member id 'a', host 'h', port 70000",
                "{\"members\":[{\"id\":\"a\",\"role\":\"VISION\",\"host\":\"h\",\"port\":70000}]}");
        assertRefused(
                "members[1].id 'a' occurs twice",
                "{\"members\":[{\"id\":\"a\",\"role\":\"VISION\",\"host\":\"h\",\"port\":1},"
                        + "{\"id\":\"a\",\"role\":\"DECODER\",\"host\":\"h\",\"port\":2}]}");
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRefused(String message, String json) {
        assertThatThrownBy(() -> MembershipFile.parse(bytes(json)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
