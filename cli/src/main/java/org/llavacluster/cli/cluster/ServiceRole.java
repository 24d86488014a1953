package org.llavacluster.cli.cluster;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.cli.Installation;
import org.llavacluster.cli.archive.JavaProgram;
import org.llavacluster.model.memory.MachineMemory;

/** The role of a process in a cluster. */
public enum ServiceRole {
    VISION("vision-service", true),
    PROJECTOR("projector-service", true),
    DECODER("decoder-service", true),
    GATEWAY("gateway", false);

    /**
     * Several services compile code while they start, most of it needed only during the start. So methods are compiled
     * later than by default, and without profiles while the optimising compiler is busy.
     */
    private static final List<String> PATIENT_COMPILERS =
            List.of("-XX:CompileThresholdScaling=3", "-XX:Tier3DelayOn=0");

    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    private final String module;
    private final boolean computes;

    /**
     * @param computes whether it computes tensors and thus needs the Vector API
     */
    ServiceRole(String module, boolean computes) {
        this.module = module;
        this.computes = computes;
    }

    /** The program of its processes. */
    public JavaProgram program() {
        List<String> options =
                new ArrayList<>(JvmMemory.of(MachineMemory.bytes()).options());
        options.addAll(List.of(
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        options.addAll(PATIENT_COMPILERS);
        if (computes) {
            options.add(VECTORS);
        }
        return new JavaProgram(module, options, Installation.serviceJar(module));
    }
}
