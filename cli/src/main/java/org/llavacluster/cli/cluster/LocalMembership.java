package org.llavacluster.cli.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import org.llavacluster.cli.CliException;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.MembershipFile;
import org.llavacluster.node.server.ReadyLine;

/**
 * The membership file of a local cluster, in a temporary folder. Its processes read it again after each replacement.
 */
final class LocalMembership {

    private final Path folder;

    LocalMembership() {
        try {
            folder = Files.createTempDirectory("llava-cluster-");
        } catch (IOException e) {
            throw new CliException("cannot make a temporary folder: " + e.getMessage(), e);
        }
    }

    Path path() {
        return folder.resolve("members.json");
    }

    /** Replaces the members atomically, so that a reader never sees an incomplete file. */
    void write(List<ReadyLine> workers) {
        List<Member> members = workers.stream()
                .map(worker -> new Member(
                        worker.id(),
                        MemberRole.valueOf(worker.role().toUpperCase(Locale.ROOT)),
                        worker.host(),
                        worker.port()))
                .toList();
        try {
            Path next = folder.resolve("members.json.next");
            Files.write(next, MembershipFile.write(members));
            Files.move(next, path(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CliException("cannot write the membership file: " + e.getMessage(), e);
        }
    }

    void delete() {
        try {
            Files.deleteIfExists(path());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // A file left in the temporary folder does no harm, and the cluster is stopping anyway.
        }
    }
}
