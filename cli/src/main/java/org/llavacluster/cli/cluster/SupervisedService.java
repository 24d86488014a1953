package org.llavacluster.cli.cluster;

import java.util.Optional;
import org.llavacluster.cli.CliException;
import org.llavacluster.node.server.ReadyLine;

/** A service and its current process. The supervising cluster serializes the calls. */
final class SupervisedService {

    private final RestartPolicy policy = new RestartPolicy();
    private ServiceSpec spec;
    private ServiceProcess process;
    private ReadyLine lastReady;

    SupervisedService(ServiceSpec spec) {
        this.spec = spec;
    }

    String id() {
        return spec.id();
    }

    boolean isGateway() {
        return spec.role() == ServiceRole.GATEWAY;
    }

    RestartPolicy policy() {
        return policy;
    }

    /** Starts a process; throws a {@link CliException} if the system cannot. */
    ServiceProcess start() {
        process = ServiceProcess.start(spec, System.err);
        return process;
    }

    /** The current or last process; empty before the first start. */
    Optional<ServiceProcess> process() {
        return Optional.ofNullable(process);
    }

    /** The process serves. A gateway keeps its ports from now on, because clients know them. */
    void ready(ReadyLine line) {
        lastReady = line;
        if (isGateway()) {
            spec = spec.on(line.port(), line.httpPort());
        }
    }

    /** Its last ready line; empty before it was ready once. */
    Optional<ReadyLine> lastReady() {
        return Optional.ofNullable(lastReady);
    }
}
