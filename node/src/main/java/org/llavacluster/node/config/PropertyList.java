package org.llavacluster.node.config;

import java.util.List;

/** All properties. */
public final class PropertyList {

    private static final List<PropertyGroup> GROUPS = List.of(
            NodeProperties.GROUP,
            KubernetesProperties.GROUP,
            TelemetryProperties.GROUP,
            GrpcProperties.GROUP,
            ModelProperties.GROUP,
            GatewayProperties.GROUP,
            HttpProperties.GROUP,
            ScalingProperties.GROUP,
            WorkerProperties.GROUP,
            DecoderProperties.GROUP,
            LauncherProperties.GROUP);

    private PropertyList() {}

    static List<PropertyGroup> groups() {
        return GROUPS;
    }

    static List<Property<?>> all() {
        return GROUPS.stream().flatMap(group -> group.properties().stream()).toList();
    }
}
