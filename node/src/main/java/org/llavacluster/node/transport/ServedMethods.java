package org.llavacluster.node.transport;

import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.List;

/** Serves the contract of a service with other methods than those generated for it. */
public final class ServedMethods {

    private ServedMethods() {}

    /** A service with the name and the contract of another, which server reflection shows, and with these methods. */
    public static ServerServiceDefinition of(
            ServerServiceDefinition service, List<ServerMethodDefinition<?, ?>> methods) {
        ServiceDescriptor given = service.getServiceDescriptor();
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(given.getName()).setSchemaDescriptor(given.getSchemaDescriptor());
        methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder served = ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(served::addMethod);
        return served.build();
    }
}
