package org.llavacluster.modelio.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.prompt.ChatMessage.Image;
import org.llavacluster.modelio.prompt.ChatMessage.Role;
import org.llavacluster.modelio.prompt.ChatMessage.Text;

/** The strings of the specification, section 6.1. */
final class OriginalTemplateTest {

    private static final String USER = "A chat between a curious user and an artificial intelligence assistant. The"
            + " assistant gives helpful, detailed, and polite answers to the user's questions.";
    private static final String HUMAN = USER.replace("user", "human");
    private static final List<ChatMessage> TALK = List.of(
            new ChatMessage(Role.USER, List.of(new Image(), new Text("Q1"))),
            new ChatMessage(Role.ASSISTANT, List.of(new Text("A1"))),
            new ChatMessage(Role.USER, List.of(new Text("Q2"))));

    @Test
    void shouldRenderTheTemplatesWithSeparators() {
        assertThat(OriginalTemplate.VICUNA_V1.render(TALK).text())
                .isEqualTo(USER + " USER: <image>\nQ1 ASSISTANT: A1</s>USER: Q2 ASSISTANT:");
        assertThat(OriginalTemplate.LLAVA_V1.render(TALK).text())
                .isEqualTo(HUMAN + " USER: <image>\nQ1 ASSISTANT: A1</s>USER: Q2 ASSISTANT:");
        assertThat(OriginalTemplate.LLAVA_V0.render(TALK).text())
                .isEqualTo(HUMAN + "###Human: <image>\nQ1###Assistant: A1###Human: Q2###Assistant:");
    }

    @Test
    void shouldBeginV0WithItsExample() {
        assertThat(OriginalTemplate.V0.render(TALK).text())
                .startsWith(HUMAN + "###Human: What are the key differences between renewable and non-renewable energy"
                        + " sources?###Assistant: Renewable energy sources are those that can be replenished")
                .endsWith("lead to economic and social instability.\n###Human: <image>\nQ1###Assistant: A1###Human: Q2"
                        + "###Assistant:");
        assertThat(OriginalTemplate.named("default")).contains(OriginalTemplate.V0);
        assertThat(OriginalTemplate.named("v0")).contains(OriginalTemplate.V0);
        assertThat(OriginalTemplate.V0.stops()).containsExactly("###");
    }

    @Test
    void shouldRenderTheTemplatesWithInstructions() {
        assertThat(OriginalTemplate.LLAMA_2.render(TALK).text())
                .startsWith("[INST] <<SYS>>\nYou are a helpful, respectful and honest assistant. Always answer")
                .endsWith("please don't share false information.\n<</SYS>>\n\n<image>\nQ1 [/INST] A1 </s><s>[INST] Q2"
                        + " [/INST]");
        assertThat(OriginalTemplate.LLAVA_LLAMA_2.render(TALK).text())
                .isEqualTo("[INST] <<SYS>>\nYou are a helpful language and vision assistant. You are able to"
                        + " understand the visual content that the user provides, and assist the user with a"
                        + " variety of tasks using natural language.\n<</SYS>>\n\n<image>\nQ1 [/INST] A1"
                        + " </s><s>[INST] Q2 [/INST]");
        assertThat(OriginalTemplate.MISTRAL_INSTRUCT.render(TALK).text())
                .isEqualTo("[INST] <image>\nQ1 [/INST] A1 </s>[INST] Q2 [/INST]");
    }

    @Test
    void shouldRenderChatml() {
        assertThat(OriginalTemplate.CHATML_DIRECT.render(TALK).text())
                .isEqualTo("<|im_start|>system\nAnswer the questions.<|im_end|><|im_start|>user\n<image>\nQ1<|im_end|>"
                        + "<|im_start|>assistant\nA1<|im_end|><|im_start|>user\nQ2<|im_end|><|im_start|>assistant\n");
        assertThat(OriginalTemplate.MPT.render(TALK).text())
                .startsWith("<|im_start|>system\nA conversation between a user and an LLM-based AI assistant. The"
                        + " assistant gives helpful and honest answers.<|im_end|><|im_start|>user\n<image>\n"
                        + "Q1<|im_end|>");
    }

    @Test
    void shouldRenderPlainAndTagged() {
        List<ChatMessage> image = List.of(new ChatMessage(Role.USER, List.of(new Image())));
        assertThat(OriginalTemplate.PLAIN.render(image).text()).isEqualTo("<image>\n");
        assertThat(OriginalTemplate.V0_MMTAG.render(TALK).text())
                .endsWith("format: <Image>visual content</Image>.###Human: <Image><image></Image>###Assistant:"
                        + " Received.###Human: Q1###Assistant: A1###Human: Q2###Assistant:");
        assertThat(OriginalTemplate.V1_MMTAG.render(TALK).text())
                .endsWith("format: <Image>visual content</Image>. USER: <Image><image></Image> ASSISTANT:"
                        + " Received.</s>USER: Q1 ASSISTANT: A1</s>USER: Q2 ASSISTANT:");
    }

    @Test
    void shouldTakeASystemMessageInPlaceOfItsOwn() {
        List<ChatMessage> talk = List.of(
                new ChatMessage(Role.SYSTEM, List.of(new Text("Be brief."))),
                new ChatMessage(Role.USER, List.of(new Text(""))));

        assertThat(OriginalTemplate.VICUNA_V1.render(talk).text()).isEqualTo("Be brief. USER:ASSISTANT:");
    }

    @Test
    void shouldRefuseConversationsThatItCannotLayOut() {
        List<ChatMessage> answered = TALK.subList(0, 2);
        List<ChatMessage> begun = TALK.subList(1, 3);
        List<ChatMessage> shown = List.of(new ChatMessage(Role.ASSISTANT, List.of(new Image())), TALK.getLast());

        assertThatThrownBy(() -> OriginalTemplate.VICUNA_V1.render(answered))
                .hasMessage("messages: the last one must be the user's");
        assertThatThrownBy(() -> OriginalTemplate.MISTRAL_INSTRUCT.render(begun))
                .hasMessage("messages: the first one must be the user's");
        assertThatThrownBy(() -> OriginalTemplate.VICUNA_V1.render(shown))
                .hasMessage("messages: only a user's message can hold images under this chat template");
    }

    @Test
    void shouldBeChosenByTheModelsName() {
        assertThat(OriginalTemplate.forModel("llava-v1.5-7b")).isEqualTo(OriginalTemplate.LLAVA_V1);
        assertThat(OriginalTemplate.forModel("llava-llama-2-13b-chat")).isEqualTo(OriginalTemplate.LLAVA_LLAMA_2);
        assertThat(OriginalTemplate.forModel("LLaVA-v1.6-Mistral-7b")).isEqualTo(OriginalTemplate.MISTRAL_INSTRUCT);
        assertThat(OriginalTemplate.forModel("mixtral-hermes")).isEqualTo(OriginalTemplate.CHATML_DIRECT);
        assertThat(OriginalTemplate.forModel("llava-v1.6-34b")).isEqualTo(OriginalTemplate.CHATML_DIRECT);
        assertThat(OriginalTemplate.forModel("llava-v1-mmtag")).isEqualTo(OriginalTemplate.V1_MMTAG);
        assertThat(OriginalTemplate.forModel("llava-v1-plain")).isEqualTo(OriginalTemplate.V1_MMTAG);
        assertThat(OriginalTemplate.forModel("llava-v1-plain-finetune")).isEqualTo(OriginalTemplate.LLAVA_V1);
        assertThat(OriginalTemplate.forModel("llava-mpt-7b")).isEqualTo(OriginalTemplate.MPT);
        assertThat(OriginalTemplate.forModel("llava-7b")).isEqualTo(OriginalTemplate.LLAVA_V0);
    }
}
