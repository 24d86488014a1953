package org.llavacluster.cli.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Started;
import org.llavacluster.proto.v1.TokenLogprob;
import org.llavacluster.proto.v1.TokenLogprobs;

/** Collects the events of one answer. */
public final class AnswerCollector {

    private final StringBuilder text = new StringBuilder();
    private final List<Integer> tokenIds = new ArrayList<>();
    private final List<Map<String, Object>> logprobs = new ArrayList<>();
    private Started started = Started.getDefaultInstance();
    private Finished finished = Finished.getDefaultInstance();

    public void add(ChatEvent event) {
        switch (event.getEventCase()) {
            case STARTED -> started = event.getStarted();
            case DELTA -> add(event.getDelta());
            case FINISHED -> finished = event.getFinished();
            case CHOICE_FINISHED, EVENT_NOT_SET -> {
                // The end of the only requested choice is also the end of the answer. Events of later API versions are
                // ignored.
            }
        }
    }

    public String text() {
        return text.toString();
    }

    /** The answer for {@code --json}: names as in `llava.v1`, usage as in OpenAI's API, times in milliseconds. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("prompt_ids", started.getPromptIdsList());
        json.put("token_ids", tokenIds);
        json.put("text", text());
        json.put("finish_reason", finishReason());
        json.put("usage", usage());
        json.put("timings", timings());
        json.put("seed", Long.toUnsignedString(started.getSeed()));
        json.put("model", started.getModel());
        if (!logprobs.isEmpty()) {
            json.put("logprobs", logprobs);
        }
        return json;
    }

    private void add(Delta delta) {
        text.append(delta.getText());
        tokenIds.addAll(delta.getTokenIdsList());
        for (TokenLogprobs token : delta.getLogprobsList()) {
            Map<String, Object> json = toJson(token.getChosen());
            json.put(
                    "top",
                    token.getTopList().stream().map(AnswerCollector::toJson).toList());
            logprobs.add(json);
        }
    }

    private static Map<String, Object> toJson(TokenLogprob token) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("token_id", token.getTokenId());
        json.put("token", token.getText());
        json.put("logprob", token.getLogprob());
        return json;
    }

    private String finishReason() {
        return finished.getReason().name().replace("REASON_", "").toLowerCase(Locale.ROOT);
    }

    private Map<String, Object> usage() {
        Map<String, Object> usage = new LinkedHashMap<>();
        usage.put("prompt_tokens", finished.getUsage().getPromptTokens());
        usage.put("image_tokens", finished.getUsage().getImageTokens());
        usage.put("completion_tokens", finished.getUsage().getCompletionTokens());
        usage.put("cached_tokens", finished.getUsage().getCachedTokens());
        usage.put(
                "total_tokens",
                finished.getUsage().getPromptTokens() + finished.getUsage().getCompletionTokens());
        return usage;
    }

    private Map<String, Object> timings() {
        Map<String, Object> timings = new LinkedHashMap<>();
        timings.put("encode_ms", finished.getTimings().getEncodeMicros() / 1e3);
        timings.put("time_to_first_token_ms", finished.getTimings().getTimeToFirstTokenMicros() / 1e3);
        timings.put("total_ms", finished.getTimings().getTotalMicros() / 1e3);
        timings.put("resumes", finished.getTimings().getResumes());
        return timings;
    }
}
