package org.llavacluster.node.server;

import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.util.ArrayList;
import java.util.List;

/**
 * gRPC server reflection, which describes a server's contracts to tools such as grpcurl. Both versions are served
 * because older tools know only one.
 */
final class Reflection {

    private Reflection() {}

    static List<ServerServiceDefinition> besides(List<ServerServiceDefinition> services) {
        List<ServerServiceDefinition> all = new ArrayList<>(services);
        all.add(ProtoReflectionServiceV1.newInstance().bindService());
        all.add(oldVersion());
        return all;
    }

    @SuppressWarnings("deprecation")
    private static ServerServiceDefinition oldVersion() {
        return ProtoReflectionService.newInstance().bindService();
    }
}
