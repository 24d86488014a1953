package org.llavacluster.cli.command;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.memory.KvSizing;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.model.memory.MemoryDemand;
import org.llavacluster.model.memory.MemoryNeed;
import org.llavacluster.modelio.config.DecoderConfig;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.ProjectorConfig;
import org.llavacluster.modelio.config.VisionConfig;
import org.llavacluster.modelio.image.ImageLayouts;

/**
 * What {@code llava inspect} tells of a model.
 *
 * @param storedBytes bytes in the files by element type
 * @param machineBytes memory of this machine or container
 */
public record ModelReport(ModelConfig config, SortedMap<String, Long> storedBytes, long machineBytes) {

    private static final String MEMORY = "memory_bytes";
    private static final String MACHINE = "machine";

    /** Pictures whose token counts show how the model treats shapes: width, height. */
    private static final List<int[]> PICTURES =
            List.of(new int[] {336, 336}, new int[] {640, 480}, new int[] {480, 640}, new int[] {1920, 1080});

    public static ModelReport of(ModelFolder folder, Checkpoint checkpoint) {
        return new ModelReport(folder.config(), checkpoint.storedBytes(), MachineMemory.bytes());
    }

    /** Nested maps under stable names: what {@code --json} prints. */
    public Map<String, Object> toMap() {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("name", config.name());
        report.put("family", config.family());
        report.put("layout", lower(config.layout()));
        report.put("dtype", String.join(", ", storedBytes.keySet()).toLowerCase(Locale.ROOT));
        report.put("vision", vision(config.vision()));
        report.put("projector", projector(config.projector()));
        report.put("decoder", decoder(config.decoder()));
        report.put("image_token_id", config.imageTokenId());
        report.put("image_tokens", imageTokens());
        report.put("parameters", parameters());
        report.put("weight_bytes", weightBytes());
        report.put("kv_bytes_per_token", kvBytes());
        report.put(MEMORY, memory());
        report.put("unsupported", List.of());
        return report;
    }

    /** By part, what {@code llava.model-fingerprint} of its workers may be. Reads samples of the weights. */
    static Map<String, Object> fingerprints(Checkpoint checkpoint) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (ModelPart part : ModelPart.values()) {
            map.put(lower(part), checkpoint.revision(part));
        }
        return map;
    }

    /** The same for people. */
    public static String table(Map<String, Object> report) {
        StringBuilder table = new StringBuilder();
        report.forEach((name, value) -> {
            if (name.equals(MEMORY)) {
                table.append(memoryTable((Map<?, ?>) value));
            } else if (value instanceof Map<?, ?> group) {
                table.append(title(name)).append('\n');
                group.forEach((key, inner) ->
                        table.append("  %-22s %s%n".formatted(title(key), shown(name + " " + key, inner))));
            } else {
                table.append("%-24s %s%n".formatted(title(name), shown(name, value)));
            }
        });
        return table.toString().stripTrailing();
    }

    private static Map<String, Object> vision(VisionConfig vision) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("layers", vision.layers());
        map.put("hidden", vision.hiddenSize());
        map.put("heads", vision.heads());
        map.put("image_size", vision.imageSize());
        map.put("patch_size", vision.patchSize());
        map.put("feature_layers", vision.featureLayers());
        map.put("rows_per_tile", vision.rowsPerTile());
        return map;
    }

    private static Map<String, Object> projector(ProjectorConfig projector) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", lower(projector.kind()));
        map.put("input", projector.inputSize());
        map.put("output", projector.hiddenSize());
        return map;
    }

    private static Map<String, Object> decoder(DecoderConfig decoder) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("layers", decoder.layers());
        map.put("hidden", decoder.hiddenSize());
        map.put("intermediate", decoder.intermediateSize());
        map.put("heads", decoder.heads());
        map.put("kv_heads", decoder.kvHeads());
        map.put("head_dim", decoder.headDim());
        map.put("vocabulary", decoder.vocabulary());
        map.put("context_tokens", decoder.contextTokens());
        decoder.window().ifPresent(window -> {
            map.put("sliding_window", window);
            map.put("max_position_embeddings", decoder.positions());
        });
        map.put("rope_scaling", lower(decoder.rope().scaling().getClass().getSimpleName()));
        map.put("tied_embeddings", decoder.tiedEmbeddings());
        return map;
    }

    private Map<String, Object> imageTokens() {
        ImageLayouts layouts = new ImageLayouts(config);
        Map<String, Object> map = new LinkedHashMap<>();
        for (int[] size : PICTURES) {
            map.put(size[0] + "x" + size[1], layouts.of(size[0], size[1]).rows());
        }
        map.put("most", layouts.maxRows());
        return map;
    }

    private Map<String, Object> parameters() {
        MemoryNeed need = new MemoryNeed(config);
        Map<String, Object> map = new LinkedHashMap<>();
        for (ModelPart part : ModelPart.values()) {
            map.put(lower(part), need.parameters(part));
        }
        return map;
    }

    private Map<String, Object> weightBytes() {
        MemoryNeed need = new MemoryNeed(config);
        Map<String, Object> map = new LinkedHashMap<>();
        for (WeightsFormat format : WeightsFormat.values()) {
            Map<String, Object> parts = new LinkedHashMap<>();
            for (ModelPart part : ModelPart.values()) {
                parts.put(lower(part), need.weightBytes(part, format));
            }
            map.put(format.written(), parts);
        }
        return map;
    }

    /** What one worker of each role takes together: weights, KV cache and runtimes, by the format of the weights. */
    private Map<String, Object> memory() {
        MemoryNeed need = new MemoryNeed(config);
        Map<ModelPart, Integer> workers = new EnumMap<>(ModelPart.class);
        for (ModelPart part : ModelPart.values()) {
            workers.put(part, 1);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(MACHINE, machineBytes);
        for (WeightsFormat format : WeightsFormat.values()) {
            long kv = KvSizing.bytes(OptionalInt.empty(), config.decoder(), format.kv(), machineBytes);
            map.put(format.written(), MemoryDemand.of(need, workers, kv).bytes(format));
        }
        return map;
    }

    private static String memoryTable(Map<?, ?> memory) {
        long machine = (Long) memory.get(MACHINE);
        StringBuilder table = new StringBuilder("memory to serve it, of %s\n".formatted(gigabytes(machine)));
        memory.forEach((format, bytes) -> {
            if (!format.equals(MACHINE)) {
                table.append("  %-22s %s%s%n"
                        .formatted(
                                format,
                                gigabytes((Long) bytes),
                                (Long) bytes > machine ? ": more than this machine has" : ""));
            }
        });
        return table.toString();
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    private Map<String, Object> kvBytes() {
        MemoryNeed need = new MemoryNeed(config);
        Map<String, Object> map = new LinkedHashMap<>();
        for (DType dtype : List.of(DType.F32, DType.F16, DType.BF16)) {
            map.put(lower(dtype), need.kvBytesPerToken(dtype));
        }
        return map;
    }

    /** Bytes read as megabytes, which is how people compare them with their machines. */
    private static String shown(String name, Object value) {
        if (name.contains("bytes") && value instanceof Long bytes) {
            return bytes < 10_000_000 ? "%,d bytes".formatted(bytes) : "%,.1f MB".formatted(bytes / 1e6);
        }
        if (value instanceof Map<?, ?> parts) {
            StringBuilder line = new StringBuilder();
            parts.forEach((part, bytes) -> line.append(line.isEmpty() ? "" : ", ")
                    .append(part)
                    .append(' ')
                    .append(shown(name, bytes)));
            return line.toString();
        }
        if (value instanceof List<?> list && list.isEmpty()) {
            return "nothing";
        }
        return value instanceof Number number && !name.endsWith("_id") ? "%,d".formatted(number) : value.toString();
    }

    private static String title(Object name) {
        boolean format = name.toString().matches("q\\d_\\d");
        return format ? name.toString() : name.toString().replace('_', ' ');
    }

    private static String lower(Object value) {
        return value.toString().toLowerCase(Locale.ROOT);
    }
}
