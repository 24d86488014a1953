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
        JsonNode root = new ObjectMapper()
                .readTree(Launcher.fixture(fixture).resolve("goldens.json").toFile());
        List<ServedCase> cases = new ArrayList<>();
        for (JsonNode one : root.get("cases")) {
            cases.add(new ServedCase(
                    fixture,
                    one.get("name").asText(),
                    one.get("prompt").asText(),
                    texts(one.get("images")).stream()
                            .map(image -> Launcher.fixture("images").resolve(image))
                            .toList(),
                    ints(one.get("input_ids")),
                    ints(one.get("greedy_ids")),
                    one.path("greedy_text").asText()));
        }
        return cases;
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
