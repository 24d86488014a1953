package org.llavacluster.gateway.fake;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.server.NodeApplication;
import org.llavacluster.node.server.NodeContext;
import org.llavacluster.node.server.NodeProcess;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.watch.NodeService;
import org.llavacluster.proto.cluster.v1.DecoderShapes;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.ProjectorShapes;
import org.llavacluster.proto.cluster.v1.Role;
import org.llavacluster.proto.cluster.v1.VisionShapes;
import org.llavacluster.text.config.ModelConfig;

/** One node of each role on loopback, real but for what they compute. The gateway never calls the projector, so that one only describes. */
public final class FakeCluster implements AutoCloseable {

    private final FakeVision vision = new FakeVision();
    private final FakeDecoder decoder = new FakeDecoder();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    public FakeCluster(ModelConfig model) {
        add(MemberRole.VISION, visionDescription(model), vision);
        add(MemberRole.PROJECTOR, projectorDescription(model), null);
        add(MemberRole.DECODER, decoderDescription(model), decoder);
    }

    private void add(MemberRole role, Description description, BindableService service) {
        String name = role.name().toLowerCase(Locale.ROOT);
        NodeApplication application = new NodeApplication() {
            @Override
            public String role() {
                return name;
            }

            @Override
            public List<ServerServiceDefinition> start(NodeContext node) {
                Description told = description.toBuilder()
                        .setNodeId(node.identity().id())
                        .setEpoch(node.identity().epoch())
                        .build();
                ServerServiceDefinition about = new NodeService(told, node.state()).bindService();
                return service == null ? List.of(about) : List.of(about, service.bindService());
            }
        };
        NodeProcess process = NodeProcess.start(
                application, NodeConfiguration.loopback(name + "-0"), new SimpleMeterRegistry(), Clock.SYSTEM);
        nodes.add(process);
        members.add(new Member(name + "-0", role, "127.0.0.1", process.port()));
    }

    public static Description visionDescription(ModelConfig model) {
        return described(Role.ROLE_VISION)
                .setVision(VisionShapes.newBuilder()
                        .setImageSize(model.image().side())
                        .setRowsPerTile(model.vision().rowsPerTile())
                        .setFeatures(model.vision().features())
                        .setPreprocessor("natural"))
                .build();
    }

    public static Description projectorDescription(ModelConfig model) {
        return described(Role.ROLE_PROJECTOR)
                .setProjector(ProjectorShapes.newBuilder()
                        .setFeatures(model.vision().features())
                        .setHidden(model.decoder().hiddenSize()))
                .build();
    }

    public static Description decoderDescription(ModelConfig model) {
        return described(Role.ROLE_DECODER)
                .setDecoder(DecoderShapes.newBuilder()
                        .setHidden(model.decoder().hiddenSize())
                        .setVocabulary(model.decoder().vocabulary())
                        .setContextTokens(model.decoder().contextTokens())
                        .setKvBlocks(1024)
                        .setKvBlockTokens(16))
                .build();
    }

    private static Description.Builder described(Role role) {
        return Description.newBuilder()
                .setRole(role)
                .setRevision("revision-" + role.getNumber())
                .setNumericsId("numerics-" + role.getNumber())
                .setModel("fake");
    }

    public FakeVision vision() {
        return vision;
    }

    public FakeDecoder decoder() {
        return decoder;
    }

    public List<Member> members() {
        return List.copyOf(members);
    }

    /** Ends the node of that role at once, its calls with it. */
    public void kill(MemberRole role) {
        nodes.get(role.ordinal()).close(Duration.ZERO);
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.close(Duration.ZERO));
    }
}
