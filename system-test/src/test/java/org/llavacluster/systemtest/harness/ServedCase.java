package org.llavacluster.systemtest.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * One prompt of a fixture with the reference's answer.
 *
 * @param text empty if the fixture has none
 */
public record ServedCase(
        String fixture,
        String name,
        String prompt,
        List<Path> images,
        List<Integer> inputIds,
        List<Integer> greedyIds,
        String text) {

    public static List<ServedCase> of(String fixture) throws IOException {
        JsonNode goldens = new ObjectMapper()
                .readTree(Launcher.fixture(fixture).resolve("goldens.json").toFile());
        return read(fixture, goldens.get("cases"), Launcher.fixture("images"), "greedy_text");
    }

    /** The cases of a folder of {@code resources/checkpoints}, which has its own images. */
    public static List<ServedCase> in(Path folder) throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(folder.resolve("reference.json").toFile());
        return read(folder.getFileName().toString(), cases, folder.resolve("images"), "text");
    }

    private static List<ServedCase> read(String fixture, JsonNode cases, Path images, String text) {
        List<ServedCase> served = new ArrayList<>();
        for (JsonNode one : cases) {
            served.add(new ServedCase(
                    fixture,
                    one.get("name").asText(),
                    one.get("prompt").asText(),
                    texts(one.path("images")).stream().map(images::resolve).toList(),
                    ints(one.get("input_ids")),
                    ints(one.get("greedy_ids")),
                    one.path(text).asText()));
        }
        return served;
    }

    /** The ids that the reference generated, without the one that ended the answer. */
    public List<Integer> answerIds() {
        return greedyIds.getLast() == 2 ? greedyIds.subList(0, greedyIds.size() - 1) : greedyIds;
    }

    @Override
    public String toString() {
        return fixture + "/" + name;
    }

    private static List<Integer> ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
