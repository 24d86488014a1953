package org.llavacluster.systemtest.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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
    public static FirstLogits of(GoldenCase golden) throws IOException {
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
        return new FirstLogits(firstRow(folder.resolve("goldens.safetensors"), golden.name() + "/logits"));
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

    private static double[] firstRow(Path file, String tensor) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[Math.toIntExact(bytes.getLong(0))];
            bytes.get(8, header);
            JsonNode entry = new ObjectMapper()
                    .readTree(new String(header, StandardCharsets.UTF_8))
                    .get(tensor);
            int start = 8 + header.length + entry.get("data_offsets").get(0).asInt();
            int columns = entry.get("shape").get(1).asInt();
            return IntStream.range(0, columns)
                    .mapToDouble(i -> bytes.getFloat(start + 4 * i))
                    .toArray();
        }
    }
}
