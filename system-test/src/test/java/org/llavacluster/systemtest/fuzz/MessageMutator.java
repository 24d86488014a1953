package org.llavacluster.systemtest.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes the fields of protobuf messages: removes them, repeats them, or sets values at the bounds of their type. */
final class MessageMutator {

    private static final int MOST_CHANGES = 4;
    private static final int MOST_REPEATS = 40;
    private static final long[] WHOLE = {
        0,
        1,
        -1,
        2,
        16,
        63,
        255,
        256,
        1000,
        4096,
        65_535,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };
    private static final double[] REAL = {
        0,
        -0.0,
        1,
        -1,
        0.5,
        2,
        100,
        1e-38,
        1e38,
        Double.MAX_VALUE,
        Double.MIN_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final List<String> TEXTS = List.of(
            "",
            "<image>",
            "a",
            "\u0000",
            "é🦙",
            "vision-0",
            "projector-0",
            "decoder-0",
            "x".repeat(300),
            "<image>".repeat(20),
            "USER:");

    private MessageMutator() {}

    /** A copy with a few changes. */
    static Message changed(Random random, Message message) {
        Message.Builder root = message.toBuilder();
        for (int i = 1 + random.nextInt(MOST_CHANGES); i > 0; i--) {
            change(random, root);
        }
        return root.buildPartial();
    }

    /** Changes one field of the message, or, in most cases, of a message in it. */
    private static void change(Random random, Message.Builder message) {
        List<FieldDescriptor> fields = message.getDescriptorForType().getFields();
        if (fields.isEmpty()) {
            return;
        }
        List<FieldDescriptor> parts = new ArrayList<>();
        for (FieldDescriptor field : message.getAllFields().keySet()) {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()) {
                parts.add(field);
            }
        }
        if (!parts.isEmpty() && random.nextInt(4) != 0) {
            FieldDescriptor part = parts.get(random.nextInt(parts.size()));
            if (part.isRepeated()) {
                changeOne(random, message, part);
            } else {
                change(random, message.getFieldBuilder(part));
            }
            return;
        }
        FieldDescriptor field = fields.get(random.nextInt(fields.size()));
        if (field.isMapField()) {
            message.clearField(field);
        } else if (field.isRepeated()) {
            changeList(random, message, field);
        } else if (random.nextInt(4) == 0) {
            message.clearField(field);
        } else {
            message.setField(field, value(random, message, field));
        }
    }

    private static void changeOne(Random random, Message.Builder message, FieldDescriptor field) {
        int at = random.nextInt(message.getRepeatedFieldCount(field));
        Message.Builder one = ((Message) message.getRepeatedField(field, at)).toBuilder();
        change(random, one);
        message.setRepeatedField(field, at, one.buildPartial());
    }

    private static void changeList(Random random, Message.Builder message, FieldDescriptor field) {
        int count = message.getRepeatedFieldCount(field);
        Object value = count > 0 && random.nextBoolean()
                ? message.getRepeatedField(field, random.nextInt(count))
                : value(random, message, field);
        switch (random.nextInt(4)) {
            case 0 -> message.clearField(field);
            case 1 -> {
                for (int i = random.nextInt(MOST_REPEATS); i > 0; i--) {
                    message.addRepeatedField(field, value);
                }
            }
            case 2 -> {
                if (count > 0) {
                    message.setRepeatedField(field, random.nextInt(count), value);
                }
            }
            default -> message.addRepeatedField(field, value);
        }
    }

    private static Object value(Random random, Message.Builder message, FieldDescriptor field) {
        long whole = random.nextInt(3) == 0 ? random.nextLong() : WHOLE[random.nextInt(WHOLE.length)];
        double real = REAL[random.nextInt(REAL.length)];
        return switch (field.getJavaType()) {
            case INT -> (int) whole;
            case LONG -> whole;
            case FLOAT -> (float) real;
            case DOUBLE -> real;
            case BOOLEAN -> random.nextBoolean();
            case STRING -> TEXTS.get(random.nextInt(TEXTS.size()));
            case BYTE_STRING -> bytes(random);
            case ENUM -> {
                EnumDescriptor type = field.getEnumType();
                yield type.getValues().get(random.nextInt(type.getValues().size()));
            }
            case MESSAGE -> message.newBuilderForField(field).buildPartial();
        };
    }

    private static ByteString bytes(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> ByteString.EMPTY;
            case 1 -> ByteString.copyFrom(new byte[32]);
            case 2 -> ByteString.copyFrom("BM", StandardCharsets.US_ASCII);
            default -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                yield ByteString.copyFrom(noise);
            }
        };
    }
}
