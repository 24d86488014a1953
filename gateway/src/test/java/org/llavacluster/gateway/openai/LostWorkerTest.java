package org.llavacluster.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.openai.HttpClientRig.asking;
import static org.llavacluster.gateway.openai.HttpClientRig.askingAbout;
import static org.llavacluster.gateway.openai.HttpClientRig.dataUrl;
import static org.llavacluster.gateway.openai.HttpClientRig.json;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.gateway.fake.Eventually;
import org.llavacluster.gateway.fake.FakeDecoder.Script;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.placement.Serving;
import org.llavacluster.node.membership.MemberRole;

/** What is still answered when all nodes of a role have ended. */
class LostWorkerTest {

    private GatewayRig rig;
    private HttpClientRig http;

    @BeforeEach
    void start() throws InterruptedException {
        rig = new GatewayRig();
        http = new HttpClientRig(rig);
        rig.decoder().script(Script.of(8));
    }

    @AfterEach
    void stop() {
        http.close();
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = MemberRole.class,
            names = {"VISION", "PROJECTOR"})
    void shouldAnswerTextAndRefuseImagesWithADelay(MemberRole role) throws Exception {
        rig.cluster().kill(role);
        Eventually.holds("the loss is known", () -> rig.application().serving() instanceof Serving.TextOnly);
        assertThat(http.complete(asking("What?", "")).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = http.complete(askingAbout("What?", List.of(dataUrl("scene.png")), ""));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("2");
        assertThat(json(refused).path("error").path("message").textValue())
                .contains("no " + role.name().toLowerCase(Locale.ROOT) + " node is available");
        rig.awaitReleased();
    }

    @ParameterizedTest
    @EnumSource(
            value = MemberRole.class,
            names = {"DECODER"})
    void shouldRefuseEverythingWithoutADecoder(MemberRole role) throws Exception {
        rig.cluster().kill(role);
        Eventually.holds("the loss is known", () -> rig.application().serving() instanceof Serving.NotReady);
        HttpResponse<String> refused = http.complete(asking("What?", ""));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(json(refused).path("error").path("message").textValue()).isEqualTo("no decoder node is available");
        rig.awaitReleased();
    }
}
