package org.llavacluster.node.config;

import java.util.regex.Pattern;

/** How a process in Kubernetes finds the workers. */
public final class KubernetesProperties {

    static final PropertyGroup GROUP = new PropertyGroup("Kubernetes");

    public static final Property<String> SERVICE_PREFIX = GROUP.text(
                    "llava.kubernetes.service-prefix",
                    Pattern.compile("[a-z]([a-z0-9-]{0,51}[a-z0-9])?"),
                    "be 1 to 53 lower-case letters, digits and '-', the first a letter, the last not '-'",
                    "1 to 53 lower-case letters, digits and `-`")
            .meaning("Find the workers by the endpoint slices of the Services `PREFIX-vision`, `PREFIX-projector` and "
                    + "`PREFIX-decoder`, instead of `llava.members`. Each worker's `llava.node.id` is then the name of "
                    + "its pod.");

    public static final Property<String> NAMESPACE = GROUP.text(
                    "llava.kubernetes.namespace",
                    Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
                    "be 1 to 63 lower-case letters, digits and '-', the first and the last not '-'",
                    "1 to 63 lower-case letters, digits and `-`")
            .otherwiseComputed("that of the pod")
            .meaning("Namespace of these Services.");

    public static final Property<String> GATEWAYS_SERVICE = GROUP.text(
                    "llava.kubernetes.gateways-service",
                    Pattern.compile("[a-z]([a-z0-9-]{0,61}[a-z0-9])?"),
                    "be 1 to 63 lower-case letters, digits and '-', the first a letter, the last not '-'",
                    "1 to 63 lower-case letters, digits and `-`")
            .meaning("Service whose endpoints are all gateways, ready or not. With `llava.scaling`, each gateway asks "
                    + "the others what waits there.");

    public static final Property<Boolean> POD_DELETION_COST = GROUP.flag("llava.kubernetes.pod-deletion-cost")
            .otherwise(false)
            .meaning("The gateway writes the requests of each decoder into its pod's annotation "
                    + "`controller.kubernetes.io/pod-deletion-cost`, so that a scale-down takes the idlest.");

    private KubernetesProperties() {}
}
