package org.llavacluster.systemtest.clients;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.systemtest.harness.ChatClient;
import org.llavacluster.systemtest.harness.PendingChat;
import org.llavacluster.systemtest.harness.RunningCluster;

/** Places of a small cluster that chats hold whose clients do not read, until this is closed. */
final class OccupiedPlaces implements AutoCloseable {

    static final int RUNNING = 2;

    /** Makes a cluster that small. */
    static final Map<String, String> ENVIRONMENT =
            Map.of("LLAVA_GATEWAY_MAX_RUNNING", "" + RUNNING, "LLAVA_GATEWAY_MAX_WAITING", "1");

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final RunningCluster cluster;
    private final List<PendingChat> chats = new ArrayList<>();

    private OccupiedPlaces(RunningCluster cluster) {
        this.cluster = cluster;
    }

    /** All running places are taken; one request can wait. */
    static OccupiedPlaces running(RunningCluster cluster) throws IOException, InterruptedException {
        OccupiedPlaces places = new OccupiedPlaces(cluster);
        for (int i = 0; i < RUNNING; i++) {
            places.chats.add(unread(cluster.channel("gateway-0")));
        }
        for (PendingChat chat : places.chats) {
            chat.awaitTokens(PATIENCE);
        }
        return places;
    }

    /** All places are taken, the one for waiting too. */
    static OccupiedPlaces all(RunningCluster cluster) throws IOException, InterruptedException {
        OccupiedPlaces places = running(cluster);
        places.chats.add(unread(cluster.channel("gateway-0")));
        cluster.awaitMetric("gateway-0", "llava_requests_waiting", "", waiting -> waiting == 1);
        return places;
    }

    private static PendingChat unread(ManagedChannel channel) throws IOException {
        // More bytes than the connection buffers, so that it stops where its client stops.
        ChatRequest bulky = ChatClient.raw("USER: How many dogs are there? ASSISTANT:", 2000)
                .setIgnoreEos(true)
                .setTopLogprobs(20)
                .setN(8)
                .build();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return PendingChat.start(channel, bulky, options, 2);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        chats.forEach(PendingChat::cancel);
        cluster.awaitMetric("gateway-0", "llava_requests_running", "", running -> running < RUNNING);
    }
}
