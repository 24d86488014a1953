package org.llavacluster.projector.service;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.server.NodeApplication;
import org.llavacluster.node.server.NodeProcess;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeGrpc;

/** A worker with TensorFlow, and a channel to it. */
record Node(NodeProcess process, SimpleMeterRegistry metrics, ManagedChannel channel, Description description)
        implements AutoCloseable {

    static Node start(
            String id,
            String model,
            Map<String, String> more,
            List<Member> members,
            Function<Config, NodeApplication> application) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "llava.model", Fixture.path(model).toString(), "llava.preprocess", "reference", "llava.threads", "1"));
        properties.putAll(more);
        Config config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build();
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        NodeProcess process = NodeProcess.start(
                application.apply(config),
                NodeConfiguration.loopback(id),
                Membership.of(members),
                metrics,
                Clock.SYSTEM);
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", process.port())
                .usePlaintext()
                .build();
        Description description = NodeGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .describe(DescribeRequest.getDefaultInstance());
        return new Node(process, metrics, channel, description);
    }

    double calls(Stage stage) {
        return metrics.get("llava.stage.calls")
                .tag("stage", stage.label())
                .counter()
                .count();
    }

    double cache(String what) {
        return metrics.get("llava.tensor.cache." + what).gauge().value();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.close();
    }
}
