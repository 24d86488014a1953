package org.llavacluster.systemtest.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.llavacluster.systemtest.harness.RunningCluster;

/** What surrounds an answer: retries, time limits, clients that leave, ids, the list of models. */
final class ConnectionScenarios {

    private static final String CANCELLED = "llava_requests_cancelled_total";
    private static final String EXPIRED = "llava_requests_expired_total";
    private static final String REFUSED = "llava_refusals_total";

    private ConnectionScenarios() {}

    /** The first try finds all places taken; they are free when the client tries again. */
    static void retry(ClientRig rig) throws Exception {
        RunningCluster cluster = rig.cluster();
        CompletableFuture<JsonNode> answer;
        try (OccupiedPlaces places = OccupiedPlaces.all(cluster)) {
            double refused = cluster.metric("gateway-0", REFUSED, "reason=\"overloaded\"");
            answer = rig.begin(AnswerScenarios.TEXT.with("max_tokens", 24).retrying(3));
            cluster.awaitMetric("gateway-0", REFUSED, "reason=\"overloaded\"", count -> count > refused);
        }

        rig.assertText(
                answer.get(120, TimeUnit.SECONDS), rig.golden("text-only").text());
    }

    /** The request waits for its turn until the client gives up. */
    static void timeout(ClientRig rig) throws Exception {
        RunningCluster cluster = rig.cluster();
        double ended = cluster.metric("gateway-0", CANCELLED, "") + cluster.metric("gateway-0", EXPIRED, "");
        try (OccupiedPlaces places = OccupiedPlaces.running(cluster)) {
            JsonNode error = rig.make(AnswerScenarios.TEXT.within(3)).path("error");

            assertThat(error.path("type").asText())
                    .as("%s", error)
                    .isEqualTo(rig.client().errors().timeout());
            cluster.awaitMetric("gateway-0", "llava_requests_waiting", "", waiting -> waiting == 0);
        }
        assertThat(cluster.metric("gateway-0", CANCELLED, "") + cluster.metric("gateway-0", EXPIRED, ""))
                .isEqualTo(ended + 1 + OccupiedPlaces.RUNNING);
        rig.assertIdle();
    }

    static void abort(ClientRig rig) throws Exception {
        RunningCluster cluster = rig.cluster();
        double cancelled = cluster.metric("gateway-0", CANCELLED, "");
        ClientCall longAnswer = AnswerScenarios.TEXT.with("max_tokens", 2000).with("ignore_eos", true);

        JsonNode result = rig.make(longAnswer.leavingAfter(3));

        assertThat(result.path("pieces").asInt()).as("%s", result).isEqualTo(3);
        cluster.awaitMetric("gateway-0", CANCELLED, "", count -> count == cancelled + 1);
        rig.assertIdle();
        AnswerScenarios.text(rig);
    }

    static void requestId(ClientRig rig) throws Exception {
        JsonNode answer =
                rig.make(AnswerScenarios.TEXT.with("max_tokens", 2).withHeader("x-request-id", "matrix-4711"));

        assertThat(answer.path("request_id").asText()).as("%s", answer).isEqualTo("matrix-4711");
    }

    static void errorId(ClientRig rig) throws Exception {
        JsonNode error = rig.assertRefused(
                AnswerScenarios.TEXT.with("model", "gpt-4o").withHeader("x-request-id", "matrix-4712"),
                ClientRefusal.UNKNOWN_MODEL);

        assertThat(error.path("request_id").asText()).as("%s", error).isEqualTo("matrix-4712");
    }

    static void models(ClientRig rig) throws Exception {
        JsonNode models = rig.make(ClientCall.models()).path("models");

        assertThat(models).hasSize(1);
        assertThat(models.get(0).asText()).isEqualTo(ClientRig.MODEL);
    }
}
