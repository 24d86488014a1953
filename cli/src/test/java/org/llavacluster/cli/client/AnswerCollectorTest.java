package org.llavacluster.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Started;
import org.llavacluster.proto.v1.Timings;
import org.llavacluster.proto.v1.Usage;

class AnswerCollectorTest {

    @Test
    void shouldPutTheEventsOfAnAnswerTogether() throws Exception {
        AnswerCollector answer = new AnswerCollector();
        answer.add(ChatEvent.newBuilder()
                .setStarted(
                        Started.newBuilder().addAllPromptIds(List.of(1, 699, 5)).setSeed(-1))
                .build());
        answer.add(ChatEvent.newBuilder()
                .setDelta(Delta.newBuilder().setText("two ").addTokenIds(7))
                .build());
        answer.add(ChatEvent.newBuilder()
                .setDelta(Delta.newBuilder().setText("parts").addTokenIds(8).addTokenIds(9))
                .build());
        answer.add(ChatEvent.newBuilder()
                .setFinished(Finished.newBuilder()
                        .setReason(Finished.Reason.REASON_LENGTH)
                        .setUsage(Usage.newBuilder()
                                .setPromptTokens(3)
                                .setImageTokens(1)
                                .setCompletionTokens(3))
                        .setTimings(Timings.newBuilder().setTotalMicros(1500).setResumes(2)))
                .build());

        assertThat(new ObjectMapper().writeValueAsString(answer.toJson()))
                .isEqualTo("{\"prompt_ids\":[1,699,5],\"token_ids\":[7,8,9],\"text\":\"two parts\","
                        + "\"finish_reason\":\"length\",\"usage\":{\"prompt_tokens\":3,\"image_tokens\":1,"
                        + "\"completion_tokens\":3,\"cached_tokens\":0,\"total_tokens\":6},"
                        + "\"timings\":{\"encode_ms\":0.0,\"time_to_first_token_ms\":0.0,\"total_ms\":1.5,"
                        + "\"resumes\":2},"
                        + "\"seed\":\"18446744073709551615\",\"model\":\"\"}");
    }
}
