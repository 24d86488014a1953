package org.llavacluster.gateway.api;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.gateway.admission.Arrivals;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.gateway.image.ImageIntake;
import org.llavacluster.gateway.image.ImageStore;
import org.llavacluster.gateway.pipeline.ChatService;
import org.llavacluster.gateway.request.RequestParser;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.time.Clock;
import org.llavacluster.text.config.ModelConfig;

/**
 * What both public APIs stand on.
 *
 * @param maxBodyBytes of one HTTP request
 * @param budget that bodies and uploads share
 * @param arrivals bodies and uploads that are being received
 * @param threads gives every task one of its own, in which it may wait
 * @param calls those over HTTP pass it as those over gRPC do, so that draining waits for them
 * @param startedAt in seconds since 1970
 */
public record PublicApi(
        ModelConfig model,
        RequestParser parser,
        ChatService chat,
        ImageStore store,
        ImageIntake images,
        int maxBodyBytes,
        ByteBudget budget,
        Arrivals arrivals,
        ScheduledExecutorService timers,
        Executor threads,
        CallGate calls,
        Clock clock,
        long startedAt) {}
