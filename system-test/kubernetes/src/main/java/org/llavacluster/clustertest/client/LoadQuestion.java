package org.llavacluster.clustertest.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A question whose answer is always the same: the most likely tokens, a fixed number of them.
 *
 * @param text of the question
 * @param png the image that it is about; empty for none
 */
record LoadQuestion(String text, byte[] png) {

    static final String IMAGES = "/client/images";

    private static final List<String> FILES = List.of("exact.png", "landscape.png", "palette.png", "portrait.png");

    static List<LoadQuestion> withImages() throws IOException {
        List<LoadQuestion> questions = new ArrayList<>();
        for (String file : FILES) {
            questions.add(new LoadQuestion("What is shown in this image?", Files.readAllBytes(Path.of(IMAGES, file))));
        }
        return questions;
    }

    static List<LoadQuestion> withoutImages() {
        return List.of("Count from one to ten.", "Name the colours of the rainbow.", "Why is the sky blue?", "Hello")
                .stream()
                .map(text -> new LoadQuestion(text, new byte[0]))
                .toList();
    }

    /**
     * The body of a request to {@code /v1/chat/completions}.
     *
     * @param tokens length of the answer
     * @param asking a number that no earlier request had, so that nothing of it is cached
     */
    String body(int tokens, long asking) {
        StringBuilder parts = new StringBuilder();
        if (png.length > 0) {
            String url = Base64.getEncoder().encodeToString(CommentedPng.of(png, Long.toString(asking)));
            parts.append("{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,")
                    .append(url)
                    .append("\"}},");
        }
        return "{\"stream\":true,\"temperature\":0,\"ignore_eos\":true,\"max_tokens\":" + tokens
                + ",\"messages\":[{\"role\":\"user\",\"content\":[" + parts + "{\"type\":\"text\",\"text\":\"" + text
                + "\"}]}]}";
    }
}
