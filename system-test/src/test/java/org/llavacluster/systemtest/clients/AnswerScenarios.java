package org.llavacluster.systemtest.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.systemtest.clients.ClientCall.Turn.assistant;
import static org.llavacluster.systemtest.clients.ClientCall.Turn.system;
import static org.llavacluster.systemtest.clients.ClientCall.Turn.user;
import static org.llavacluster.systemtest.clients.ClientCall.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Conversations as they are sent, against the answers of the fixtures. */
final class AnswerScenarios {

    /** Of the case "text-only". */
    static final ClientCall TEXT = ClientCall.chat(user("How many dogs are there?"));

    private static final String SYSTEM = "A chat between a curious user and an artificial intelligence assistant. "
            + "The assistant gives helpful, detailed, and polite answers to the user's questions.";

    private AnswerScenarios() {}

    static void text(ClientRig rig) throws Exception {
        rig.assertAnswersLikeTheReference("text-only", TEXT);
    }

    static void systemMessage(ClientRig rig) throws Exception {
        rig.assertAnswersLikeTheReference(
                "portrait-system",
                ClientCall.chat(system(SYSTEM), user("What colour is the house?", image("portrait.png"))));
    }

    static void turns(ClientRig rig) throws Exception {
        rig.assertAnswersLikeTheReference(
                "multi-turn",
                ClientCall.chat(user("Is it red?", image("portrait.png")), assistant("Yes, it is red."), user("Why?")));
    }

    static void unicode(ClientRig rig) throws Exception {
        rig.assertAnswersLikeTheReference("emoji-bytes", ClientCall.chat(user("Hello 🦙 世界", image("one-pixel.png"))));
    }

    static void png(ClientRig rig) throws Exception {
        rig.assertAnswersLikeTheReference("one-image", about("scene.png"));
    }

    /** Its pixels are not those of the PNG: the fixtures have no answer, and that over gRPC stands for it. */
    static void jpeg(ClientRig rig) throws Exception {
        ClientCall call = about("scene.jpg").with("max_tokens", 24);
        rig.assertText(rig.make(call), rig.reference(call).text());
    }

    /** The file is lossless: the same pixels as the PNG. */
    static void webp(ClientRig rig) throws Exception {
        rig.assertAnswersLikeTheReference("one-image", about("scene.webp"));
    }

    static void twoImages(ClientRig rig) throws Exception {
        rig.assertAnswersLikeTheReference(
                "two-images", ClientCall.chat(user("Which one is red?", image("scene.png"), image("landscape.png"))));
    }

    static void stream(ClientRig rig) throws Exception {
        JsonNode answer = rig.make(about("scene.png").with("max_tokens", 24).streamed());

        rig.assertText(answer, rig.golden("one-image").text());
        assertThat(answer.at("/choices/0/finish").asText()).isEqualTo("length");
        assertThat(answer.get("pieces").asInt()).as("pieces").isGreaterThan(5);
    }

    static void streamUsage(ClientRig rig) throws Exception {
        JsonNode answer = rig.make(about("scene.png")
                .with("max_tokens", 24)
                .with("stream_options", Map.of("include_usage", true))
                .streamed());

        rig.assertText(answer, rig.golden("one-image").text());
        rig.assertUsage(answer, rig.golden("one-image"));
    }

    private static ClientCall about(String image) {
        return ClientCall.chat(user("What is shown in this image?", image(image)));
    }
}
