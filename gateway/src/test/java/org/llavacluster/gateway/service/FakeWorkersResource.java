package org.llavacluster.gateway.service;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.llavacluster.gateway.fake.FakeCluster;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.node.membership.MembershipFile;

/** The workers of a gateway that runs as packaged. */
public final class FakeWorkersResource implements QuarkusTestResourceLifecycleManager {

    private FakeCluster cluster;
    private Path members;

    @Override
    public Map<String, String> start() {
        cluster = new FakeCluster(GatewayRig.model());
        try {
            members = Files.createTempFile("members", ".json");
            Files.write(members, MembershipFile.write(cluster.members()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of(
                "llava.model",
                GatewayRig.fixtures().resolve("llava-1.5-tiny").toString(),
                "llava.members",
                members.toString(),
                "quarkus.http.test-port",
                "0");
    }

    @Override
    public void stop() {
        cluster.close();
        try {
            Files.deleteIfExists(members);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
