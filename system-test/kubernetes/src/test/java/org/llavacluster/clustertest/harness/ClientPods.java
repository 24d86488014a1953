package org.llavacluster.clustertest.harness;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.CapabilitiesBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.ArrayList;
import java.util.List;

/** Pods of the programs that run inside of the cluster, within Pod Security "restricted". */
final class ClientPods {

    static final String IMAGE = System.getProperty("llava.client.image");
    static final String CLASSES = "/client/classes";

    private ClientPods() {}

    static Pod pod(String name, Class<?> program, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of(program.getName()));
        all.addAll(arguments);
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName("client")
                .withImage(IMAGE)
                .withImagePullPolicy("IfNotPresent")
                .withArgs(all)
                .withSecurityContext(restricted())
                .withNewResources()
                .addToRequests("memory", Quantity.parse("192Mi"))
                .addToLimits("memory", Quantity.parse("320Mi"))
                .endResources()
                .addNewVolumeMount()
                .withName("tmp")
                .withMountPath("/tmp")
                .endVolumeMount()
                .endContainer()
                .addNewVolume()
                .withName("tmp")
                .withNewEmptyDir()
                .endEmptyDir()
                .endVolume()
                .endSpec()
                .build();
    }

    static SecurityContext restricted() {
        Capabilities none = new CapabilitiesBuilder().withDrop("ALL").build();
        return new SecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withCapabilities(none)
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }
}
