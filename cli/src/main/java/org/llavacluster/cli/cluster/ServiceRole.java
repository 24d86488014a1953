package org.llavacluster.cli.cluster;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;
import org.llavacluster.cli.Installation;
import org.llavacluster.cli.archive.JavaProgram;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.node.config.DecoderProperties;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.GatewayProperties;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.config.WorkerProperties;

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

    /**
     * Once a minute the memory that was freed outside the heap goes back to the system. The C library keeps it
     * otherwise: tens of megabytes after the compilation of one large method.
     */
    private static final String RETURNS_FREED_MEMORY = "-XX:TrimNativeHeapInterval=60000";

    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    /** Tensors and messages on their way through a projector or decoder. */
    private static final long IN_PROGRESS = 256L << 20;

    private final String module;
    private final boolean computes;

    /**
     * @param computes whether it computes tensors and thus needs the Vector API
     */
    ServiceRole(String module, boolean computes) {
        this.module = module;
        this.computes = computes;
    }

    /**
     * The program of its processes.
     *
     * @param settings the properties that they will read
     */
    public JavaProgram program(Settings settings) {
        List<String> options = new ArrayList<>(
                JvmMemory.of(this, MachineMemory.bytes(), settings).options());
        options.addAll(List.of(
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        options.addAll(PATIENT_COMPILERS);
        options.add(RETURNS_FREED_MEMORY);
        if (computes) {
            options.add(VECTORS);
        }
        return new JavaProgram(module, options, Installation.serviceJar(module));
    }

    /** The program without properties. */
    public JavaProgram usualProgram() {
        return program(new Settings(new SmallRyeConfigBuilder().build()));
    }

    /** What its heap holds besides the needs of every service. */
    List<JvmMemory.HeapBudget> heapBudgets(Settings settings) {
        JvmMemory.HeapBudget tensors =
                new JvmMemory.HeapBudget(WorkerProperties.USUAL_CACHE_BYTES, WorkerProperties.TENSOR_CACHE_BYTES, 1);
        return switch (this) {
            case VISION ->
                List.of(
                        tensors,
                        JvmMemory.HeapBudget.fixed(FixedLimits.VISION_WORKING_BYTES.value()),
                        JvmMemory.HeapBudget.fixed(FixedLimits.VISION_UPLOAD_BYTES.value()));
            case PROJECTOR -> List.of(tensors, JvmMemory.HeapBudget.fixed(IN_PROGRESS));
            case DECODER ->
                List.of(
                        new JvmMemory.HeapBudget(
                                DecoderProperties.USUAL_KEPT_BYTES, DecoderProperties.KEPT_IMAGE_BYTES, 1),
                        JvmMemory.HeapBudget.fixed(IN_PROGRESS));
            case GATEWAY ->
                List.of(
                        new JvmMemory.HeapBudget(
                                GatewayProperties.USUAL_STORE_BYTES, GatewayProperties.IMAGE_STORE_BYTES, 1),
                        bodies(settings));
        };
    }

    /** A gateway holds several bodies of the largest size, unless their sum is set. */
    private static JvmMemory.HeapBudget bodies(Settings settings) {
        long usual = GatewayProperties.BODIES_IN_FLIGHT * GatewayProperties.USUAL_BODY_BYTES;
        return settings.find(GatewayProperties.INFLIGHT_BYTES).isPresent()
                ? new JvmMemory.HeapBudget(usual, GatewayProperties.INFLIGHT_BYTES, 1)
                : new JvmMemory.HeapBudget(usual, GatewayProperties.MAX_BODY_BYTES, GatewayProperties.BODIES_IN_FLIGHT);
    }
}
