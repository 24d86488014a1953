package org.llavacluster.gateway.fake;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.llavacluster.modelio.config.ModelConfig;
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

/**
 * Nodes of each role on loopback, real except for their computation. The gateway never calls the projector, which
 * therefore only has a description.
 */
public final class FakeCluster implements AutoCloseable {

    private final FakeVision vision = new FakeVision();
    private final List<FakeDecoder> decoders = new ArrayList<>();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    /** One node of each role. */
    public FakeCluster(ModelConfig model) {
        this(model, List.of(decoderDescription(model)));
    }

    /** One vision and projector node, and a decoder for each description. */
    public FakeCluster(ModelConfig model, List<Description> described) {
        this(model, described, 1);
    }

    /** That many vision and projector nodes each, and a decoder for each description. */
    public FakeCluster(ModelConfig model, List<Description> described, int each) {
        for (int i = 0; i < each; i++) {
            add(MemberRole.VISION, i, visionDescription(model), vision);
            add(MemberRole.PROJECTOR, i, projectorDescription(model), null);
        }
        for (Description description : described) {
            FakeDecoder decoder = new FakeDecoder(description.getNumericsId());
            decoders.add(decoder);
            add(MemberRole.DECODER, decoders.size() - 1, description, decoder);
        }
    }

    private void add(MemberRole role, int number, Description description, BindableService service) {
        String name = role.name().toLowerCase(Locale.ROOT);
        String id = name + "-" + number;
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
        NodeProcess process =
                NodeProcess.start(application, NodeConfiguration.loopback(id), new SimpleMeterRegistry(), Clock.SYSTEM);
        nodes.add(process);
        members.add(new Member(id, role, "127.0.0.1", process.port()));
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

    public FakeDecoder decoder(int number) {
        return decoders.get(number);
    }

    public List<FakeDecoder> decoders() {
        return List.copyOf(decoders);
    }

    public List<Member> members() {
        return List.copyOf(members);
    }

    /** Ends the node of that role at once, with its calls. */
    public void kill(MemberRole role) {
        node(role.name().toLowerCase(Locale.ROOT) + "-0").close(Duration.ZERO);
    }

    private NodeProcess node(String id) {
        return nodes.get(members.stream().map(Member::id).toList().indexOf(id));
    }

    /** The node reports its state no more; its calls stay as they are. */
    public void silence(String id) {
        node(id).context().timers().shutdownNow();
    }

    /** Ends the decoder of that number: its calls with UNAVAILABLE, its port, and its watches. */
    public void killDecoder(int number) {
        node("decoder-" + number).close(Duration.ZERO);
    }

    /** Ends it likewise, but its calls break as if the process was killed. */
    public void breakDecoder(int number) {
        decoders.get(number).breakCalls();
        killDecoder(number);
    }

    @Override
    public void close() {
        nodes.forEach(node -> node.close(Duration.ZERO));
    }
}
