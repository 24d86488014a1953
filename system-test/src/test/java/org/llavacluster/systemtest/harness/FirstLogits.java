package org.llavacluster.systemtest.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The reference's logits for the first token of a case.
 *
 * @param logits [vocabulary]
 */
public record FirstLogits(double[] logits) {

    /** From the case itself (variants), or from the first row of {@code NAME/logits} in the fixture's tensors. */
    public static FirstLogits of(ServedCase golden) throws IOException {
        Path folder = Launcher.fixture(golden.fixture());
        JsonNode cases = new ObjectMapper()
                .readTree(folder.resolve("goldens.json").toFile())
                .get("cases");
        for (JsonNode one : cases) {
            if (one.get("name").asText().equals(golden.name()) && one.has("first_logits")) {
                JsonNode values = one.get("first_logits");
                return new FirstLogits(IntStream.range(0, values.size())
                        .mapToDouble(i -> values.get(i).asDouble())
                        .toArray());
            }
        }
        return new FirstLogits(firstRow(GoldenTensors.of(golden.fixture()), golden.name() + "/logits"));
    }

    /** Natural logarithm of the probability of a token. */
    public double logprob(int token) {
        double max = IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i])
                .max()
                .orElseThrow();
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - max);
        }
        return logits[token] - max - Math.log(sum);
    }

    /** The most likely tokens, most likely first. */
    public List<Integer> top(int count) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -logits[i]))
                .limit(count)
                .toList();
    }

    private static double[] firstRow(GoldenTensors tensors, String name) {
        int columns = tensors.shape(name).get(1).intValue();
        float[] logits = tensors.floats(name);
        return IntStream.range(0, columns).mapToDouble(i -> logits[i]).toArray();
    }
}
