package org.llavacluster.cli.cluster;

import java.util.Optional;
import org.llavacluster.cli.CliException;

/** A service and the process that it has now. The cluster that supervises it serializes the calls. */
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

    /** Starts a process; a {@link CliException} if the system gives none. */
    ServiceProcess start() {
        process = ServiceProcess.start(spec, System.err);
        return process;
    }

    /** The process that runs, or ran last; empty before the first start. */
    Optional<ServiceProcess> process() {
        return Optional.ofNullable(process);
    }

    /** The process serves. A gateway keeps its ports from now on, for its clients know them. */
    void ready(ReadyLine line) {
        lastReady = line;
        if (isGateway()) {
            spec = spec.on(line.port(), line.httpPort());
        }
    }

    /** Where it serves, or served last; empty before it was ready once. */
    Optional<ReadyLine> lastReady() {
        return Optional.ofNullable(lastReady);
    }
}
