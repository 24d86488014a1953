package org.llavacluster.cli.cluster;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.llavacluster.cli.CliException;

/** Tells the processes of a local cluster about each other: a file that they read again whenever it is replaced. */
final class MembershipFile {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    MembershipFile() {
        try {
            folder = Files.createTempDirectory("llava-cluster-");
        } catch (IOException e) {
            throw new CliException("cannot make a temporary folder: " + e.getMessage(), e);
        }
    }

    Path path() {
        return folder.resolve("members.json");
    }

    /** Replaces the members in one step, so that a reader never sees half a file. */
    void write(List<ReadyLine> workers) {
        List<Map<String, Object>> members = workers.stream()
                .map(worker -> Map.<String, Object>of(
                        "id", worker.id(),
                        "role", worker.role().toUpperCase(Locale.ROOT),
                        "host", worker.host(),
                        "port", worker.port()))
                .toList();
        try {
            Path next = folder.resolve("members.json.next");
            JSON.writeValue(next.toFile(), Map.of("members", members));
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
            // A leftover in the temporary folder harms nobody, and the cluster is stopping anyway.
        }
    }
}
