package org.llavacluster.node.membership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.llavacluster.node.config.FixedLimits;

/**
 * Members from a file that is replaced atomically, checked by one scheduled task. There are none until the file exists.
 * An unreadable file leaves the last members in place.
 */
public final class FileMembership implements Membership {

    /**
     * Interval of the check. It bounds how late a starting cluster sees a change; a stat of one file costs
     * microseconds.
     */
    public static final Duration INTERVAL = Duration.ofMillis(50);

    private static final Logger LOG = Logger.getLogger(FileMembership.class);
    private static final long MAX_BYTES = FixedLimits.MEMBERSHIP_BYTES.value();

    /** Identifies a version of the file. An atomic replacement changes at least the key. */
    private record Version(Object fileKey, FileTime modified, long size) {}

    private final Path file;
    private final ChangeListeners listeners = new ChangeListeners();
    private final ScheduledFuture<?> task;
    private volatile List<Member> members = List.of();
    private Version seen;
    private String lastComplaint = "";

    public FileMembership(Path file, ScheduledExecutorService timers) {
        this.file = file;
        look();
        this.task = timers.scheduleWithFixedDelay(
                this::look, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public Subscription onChange(Runnable listener) {
        return listeners.add(listener);
    }

    /** Reads the file if it changed since the last check. */
    void look() {
        try {
            Version now = version();
            if (now.equals(seen)) {
                return;
            }
            if (now.size > MAX_BYTES) {
                throw new IllegalArgumentException("must have at most " + MAX_BYTES + " bytes, not " + now.size);
            }
            List<Member> read = MembershipFile.parse(Files.readAllBytes(file));
            seen = now;
            lastComplaint = "";
            if (!read.equals(members)) {
                members = read;
                listeners.changed();
            }
        } catch (NoSuchFileException e) {
            complain("does not exist yet");
        } catch (IOException e) {
            complain("cannot be read: " + e.getClass().getSimpleName());
        } catch (IllegalArgumentException e) {
            complain("cannot be used: " + e.getMessage());
        }
    }

    private Version version() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Version(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    }

    /** Logs each reason once, not with each check. */
    private void complain(String reason) {
        if (!reason.equals(lastComplaint)) {
            lastComplaint = reason;
            LOG.infof("the membership file (llava.members) %s", reason);
        }
    }

    @Override
    public void close() {
        task.cancel(false);
    }
}
