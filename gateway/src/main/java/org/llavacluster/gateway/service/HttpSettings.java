package org.llavacluster.gateway.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.Config;
import org.llavacluster.gateway.config.HttpConfiguration;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.server.NodeLifecycle;

/** The configuration of the HTTP port, which Quarkus needs before the node starts. */
@ApplicationScoped
class HttpSettings {

    private final Config config;

    @Inject
    HttpSettings(Config config) {
        this.config = config;
    }

    /** Ends the process if a property is unusable. */
    HttpConfiguration read() {
        try {
            return HttpConfiguration.of(new Settings(config));
        } catch (PropertyException e) {
            NodeLifecycle.refuse(e);
            throw e;
        }
    }
}
