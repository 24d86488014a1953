package org.llavacluster.systemtest.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The reference's float32 tensors of a fixture, read without the code under test. */
public final class GoldenTensors {

    private static final int LENGTH_BYTES = 8;

    private final ByteBuffer file;
    private final JsonNode header;
    private final int dataStart;

    private GoldenTensors(ByteBuffer file, JsonNode header, int dataStart) {
        this.file = file;
        this.header = header;
        this.dataStart = dataStart;
    }

    public static GoldenTensors of(String fixture) throws IOException {
        Path path = Launcher.fixture(fixture).resolve("goldens.safetensors");
        try (FileChannel channel = FileChannel.open(path)) {
            ByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN);
            byte[] header = new byte[Math.toIntExact(file.getLong(0))];
            file.get(LENGTH_BYTES, header);
            JsonNode json = new ObjectMapper().readTree(new String(header, StandardCharsets.UTF_8));
            return new GoldenTensors(file, json, LENGTH_BYTES + header.length);
        }
    }

    public boolean has(String name) {
        return header.has(name);
    }

    /** Sizes of the dimensions, outermost first. */
    public List<Long> shape(String name) {
        List<Long> shape = new ArrayList<>();
        header.get(name).get("shape").forEach(size -> shape.add(size.asLong()));
        return shape;
    }

    /** All elements in row-major order. */
    public float[] floats(String name) {
        JsonNode offsets = header.get(name).get("data_offsets");
        int start = offsets.get(0).asInt();
        float[] values = new float[(offsets.get(1).asInt() - start) / Float.BYTES];
        file.slice(dataStart + start, values.length * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }
}
