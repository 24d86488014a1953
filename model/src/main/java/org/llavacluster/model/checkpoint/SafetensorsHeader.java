package org.llavacluster.model.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llavacluster.modelio.config.ModelFormatException;

/**
 * The JSON header of a safetensors file: dtype, shape and byte range of each tensor.
 *
 * @param tensors in the order of the header
 */
record SafetensorsHeader(List<Entry> tensors) {

    /** Bytes per element of all dtypes that a file may contain, including unsupported ones. */
    private static final Map<String, Integer> ELEMENT_BYTES = Map.ofEntries(
            Map.entry("BOOL", 1),
            Map.entry("U8", 1),
            Map.entry("I8", 1),
            Map.entry("F8_E4M3", 1),
            Map.entry("F8_E5M2", 1),
            Map.entry("F8_E8M0", 1),
            Map.entry("U16", 2),
            Map.entry("I16", 2),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("U32", 4),
            Map.entry("I32", 4),
            Map.entry("F32", 4),
            Map.entry("U64", 8),
            Map.entry("I64", 8),
            Map.entry("F64", 8),
            Map.entry("C64", 8));

    private static final int MAX_RANK = 8;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(8).build())
            .build();

    /**
     * @param begin offset from the end of the header
     * @param end offset after the last byte
     */
    record Entry(String name, String dtype, long[] shape, long begin, long end) {}

    SafetensorsHeader {
        tensors = List.copyOf(tensors);
    }

    static SafetensorsHeader parse(String file, String json) {
        List<Entry> tensors = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json)) {
            require(
                    json.startsWith("{") && parser.nextToken() == JsonToken.START_OBJECT,
                    file,
                    "header is not an object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                require(parser.nextToken() == JsonToken.START_OBJECT, file, name + " is not an object");
                if (name.equals("__metadata__")) {
                    parser.skipChildren();
                } else {
                    tensors.add(entry(parser, file, name));
                }
            }
            require(parser.nextToken() == null, file, "header continues after its object");
        } catch (JsonProcessingException e) {
            String cause = e.getOriginalMessage().lines().findFirst().orElse("");
            throw new ModelFormatException(file + ": header is not valid JSON: " + cause, e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from a string", e);
        }
        return new SafetensorsHeader(tensors);
    }

    private static Entry entry(JsonParser parser, String file, String name) throws IOException {
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "dtype" -> dtype = parser.getValueAsString();
                case "shape" -> shape = sizes(parser, file, name + ": shape");
                case "data_offsets" -> offsets = sizes(parser, file, name + ": data_offsets");
                default -> parser.skipChildren();
            }
        }
        require(dtype != null, file, name + ": no dtype");
        require(
                shape != null && shape.size() <= MAX_RANK,
                file,
                name + ": shape must have at most " + MAX_RANK + " sizes");
        require(offsets != null && offsets.size() == 2, file, name + ": data_offsets must be two numbers");
        return checked(file, name, dtype, shape, offsets);
    }

    private static Entry checked(String file, String name, String dtype, List<Long> shape, List<Long> offsets) {
        Integer elementBytes = ELEMENT_BYTES.get(dtype);
        require(elementBytes != null, file, name + ": unknown dtype " + dtype);
        long begin = offsets.get(0);
        long end = offsets.get(1);
        require(begin <= end, file, name + ": data_offsets " + offsets + " are reversed");
        long bytes = elementBytes;
        try {
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
        } catch (ArithmeticException e) {
            throw new ModelFormatException(file + ": " + name + ": shape " + shape + " overflows", e);
        }
        require(
                bytes == end - begin,
                file,
                name + ": " + dtype + " " + shape + " takes " + bytes + " bytes, data_offsets " + offsets + " hold "
                        + (end - begin));
        return new Entry(name, dtype, shape.stream().mapToLong(Long::longValue).toArray(), begin, end);
    }

    private static List<Long> sizes(JsonParser parser, String file, String field) throws IOException {
        require(parser.currentToken() == JsonToken.START_ARRAY, file, field + " is not an array");
        List<Long> sizes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(
                    parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                            && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                            && parser.getLongValue() >= 0,
                    file,
                    field + " must contain only sizes");
            sizes.add(parser.getLongValue());
        }
        return sizes;
    }

    private static void require(boolean holds, String file, String otherwise) {
        if (!holds) {
            throw new ModelFormatException(file + ": " + otherwise);
        }
    }
}
