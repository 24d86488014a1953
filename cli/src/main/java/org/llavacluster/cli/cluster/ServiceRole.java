package org.llavacluster.cli.cluster;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.cli.Installation;
import org.llavacluster.cli.archive.JavaProgram;
import org.llavacluster.model.memory.MachineMemory;

/** What a process of a cluster does. */
public enum ServiceRole {
    VISION("vision-service", true),
    PROJECTOR("projector-service", true),
    DECODER("decoder-service", true),
    GATEWAY("gateway", false);

    /**
     * Several services compile at once while they start, most of it what runs in the start only: methods are compiled later than by
     * default, and while the optimising compiler is busy without collecting profiles for it.
     */
    private static final List<String> PATIENT_COMPILERS =
            List.of("-XX:CompileThresholdScaling=3", "-XX:Tier3DelayOn=0");

    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    private final String module;
    private final boolean computes;

    /** @param computes whether it has tensors to compute, for which it needs the Vector API */
    ServiceRole(String module, boolean computes) {
        this.module = module;
        this.computes = computes;
    }

    /** What its processes run. */
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
