package org.llavacluster.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.fake.Requests.asking;

import io.grpc.Status;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.llavacluster.gateway.fake.Answer;
import org.llavacluster.gateway.fake.FakeDecoder.Script;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.proto.v1.ListModelsRequest;
import org.llavacluster.proto.v1.Model;

/** A model served under another name than its folder's has that name everywhere, and no other. */
class ServedNameTest {

    private static final String NAME = "acme/llava:prod";

    @Test
    void shouldBeTheModelsOnlyNameInBothApis() throws Exception {
        try (GatewayRig rig = new GatewayRig("served-name", NAME);
                HttpClientRig http = new HttpClientRig(rig)) {
            rig.decoder().script(Script.of(3));

            assertThat(rig.blocking()
                            .listModels(ListModelsRequest.getDefaultInstance())
                            .getModelsList())
                    .extracting(Model::getName)
                    .containsExactly(NAME);
            Answer named = Answer.to(rig.stub(), asking("What?").setModel(NAME).build())
                    .succeeded();
            assertThat(named.started().getModel()).isEqualTo(NAME);
            Answer byFolder = Answer.to(
                    rig.stub(), asking("What?").setModel("llava-1.5-tiny").build());
            assertThat(byFolder.status().getCode()).isEqualTo(Status.Code.NOT_FOUND);

            HttpResponse<String> models = http.send("GET", "/v1/models");
            assertThat(models.body()).contains("\"id\":\"" + NAME + "\"").doesNotContain("llava-1.5-tiny");
            rig.awaitReleased();
        }
    }
}
