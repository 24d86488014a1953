package org.llavacluster.systemtest.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.systemtest.clients.ClientCall.Turn.user;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Requests that are refused, and how the client's callers see it. */
final class RefusalScenarios {

    private static final String QUESTION = "What is shown in this image?";

    private RefusalScenarios() {}

    static void context(ClientRig rig) throws Exception {
        rig.assertRefused(ClientCall.chat(user("dog ".repeat(3000))), ClientRefusal.CONTEXT);
    }

    static void unknownModel(ClientRig rig) throws Exception {
        rig.assertRefused(AnswerScenarios.TEXT.with("model", "gpt-4o"), ClientRefusal.UNKNOWN_MODEL);
    }

    static void brokenImage(ClientRig rig) throws Exception {
        Path broken = Files.createTempFile("llava-test-", ".png");
        try {
            Files.writeString(broken, "this is text");
            rig.assertRefused(ClientCall.chat(user(QUESTION, broken.toString())), ClientRefusal.BROKEN_IMAGE);
        } finally {
            Files.delete(broken);
        }
    }

    static void remoteImage(ClientRig rig) throws Exception {
        rig.assertRefused(
                ClientCall.chat(user(QUESTION, "https://images.example/scene.png")), ClientRefusal.REMOTE_IMAGE);
    }

    static void unsupportedField(ClientRig rig) throws Exception {
        rig.assertRefused(
                AnswerScenarios.TEXT.with("response_format", Map.of("type", "json_object")),
                ClientRefusal.UNSUPPORTED_FIELD);
    }

    static void overloaded(ClientRig rig) throws Exception {
        try (OccupiedPlaces places = OccupiedPlaces.all(rig.cluster())) {
            rig.assertRefused(AnswerScenarios.TEXT, ClientRefusal.OVERLOADED);
        }
    }

    static void retryAfter(ClientRig rig) throws Exception {
        try (OccupiedPlaces places = OccupiedPlaces.all(rig.cluster())) {
            JsonNode error = rig.assertRefused(AnswerScenarios.TEXT, ClientRefusal.OVERLOADED);
            assertThat(error.path("retry_after").asInt()).as("%s", error).isPositive();
        }
    }

    /** The request is still waiting for its turn when its time is over. */
    static void deadline(ClientRig rig) throws Exception {
        try (OccupiedPlaces places = OccupiedPlaces.running(rig.cluster())) {
            rig.assertRefused(AnswerScenarios.TEXT.withHeader("x-llava-timeout-ms", "300"), ClientRefusal.DEADLINE);
        }
        rig.assertIdle();
    }
}
