package org.llavacluster.node.server;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.Config;

/**
 * The entry point of every service. It runs when everything serves, including the HTTP port, and prints the ready line.
 */
@QuarkusMain
public class NodeMain implements QuarkusApplication {

    private final NodeLifecycle lifecycle;
    private final Config config;

    @Inject
    public NodeMain(NodeLifecycle lifecycle, Config config) {
        this.lifecycle = lifecycle;
        this.config = config;
    }

    @Override
    public int run(String... args) throws InterruptedException {
        NodeProcess process = lifecycle.process().orElse(null);
        if (process != null && process.awaitServing()) {
            announce(process);
        }
        Quarkus.waitForExit();
        return 0;
    }

    /** Quarkus sets its port property to the port that it opened. */
    private void announce(NodeProcess process) {
        NodeContext context = process.context();
        System.out.println(ReadyLine.of(
                        context.identity(),
                        context.configuration().host(),
                        process.port(),
                        config.getValue("quarkus.http.host", String.class),
                        config.getValue("quarkus.http.port", Integer.class))
                .text());
        System.out.flush();
    }
}
