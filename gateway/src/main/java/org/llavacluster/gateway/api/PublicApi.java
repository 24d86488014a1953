package org.llavacluster.gateway.api;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.gateway.admission.Arrivals;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.gateway.image.ImageIntake;
import org.llavacluster.gateway.image.ImageStore;
import org.llavacluster.gateway.pipeline.ChatService;
import org.llavacluster.gateway.request.RequestParser;
import org.llavacluster.gateway.request.TenantHeader;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;

/**
 * What both public APIs share.
 *
 * @param maxBodyBytes limit of one HTTP request
 * @param budget budget of bodies and uploads
 * @param arrivals bodies and uploads being received
 * @param threads runs every task on a thread of its own, which may block
 * @param calls gate of running calls, which HTTP calls pass like gRPC calls, so that draining waits for them
 * @param startedAt in seconds since 1970
 */
public record PublicApi(
        ModelConfig model,
        RequestParser parser,
        ChatService chat,
        TenantHeader tenants,
        ImageStore store,
        ImageIntake images,
        int maxBodyBytes,
        ByteBudget budget,
        Arrivals arrivals,
        ScheduledExecutorService timers,
        Executor threads,
        CallGate calls,
        Clock clock,
        long startedAt,
        NodeTracing tracing) {}
