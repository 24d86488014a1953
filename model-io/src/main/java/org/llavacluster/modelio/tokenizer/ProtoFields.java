package org.llavacluster.modelio.tokenizer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavacluster.modelio.config.ModelFormatException;

/** A protocol buffers message without a compiled schema: its fields by number, as on the wire. */
final class ProtoFields {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final String file;
    private final List<Field> fields = new ArrayList<>();

    /** A field with its {@code bits} if a number, or its {@code bytes} if a string or message. */
    private record Field(int number, long bits, byte[] bytes) {}

    ProtoFields(String file, byte[] message) {
        this.file = file;
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (in.hasRemaining()) {
                fields.add(next(in));
            }
        } catch (BufferUnderflowException e) {
            throw malformed(e);
        }
    }

    private Field next(ByteBuffer in) {
        long tag = varint(in);
        int number = (int) (tag >>> 3);
        return switch ((int) tag & 7) {
            case VARINT -> new Field(number, varint(in), new byte[0]);
            case FIXED64 -> new Field(number, in.getLong(), new byte[0]);
            case FIXED32 -> new Field(number, in.getInt(), new byte[0]);
            case BYTES -> {
                long length = varint(in);
                if (length < 0 || length > in.remaining()) {
                    throw malformed(null);
                }
                byte[] bytes = new byte[(int) length];
                in.get(bytes);
                yield new Field(number, 0, bytes);
            }
            default -> throw malformed(null);
        };
    }

    private long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw malformed(null);
    }

    private ModelFormatException malformed(Throwable cause) {
        return new ModelFormatException(file + ": not a SentencePiece model", cause);
    }

    /** The last one wins, as in protocol buffers. */
    private Optional<Field> last(int number) {
        return fields.stream().filter(field -> field.number() == number).reduce((_, b) -> b);
    }

    Optional<Long> number(int number) {
        return last(number).map(Field::bits);
    }

    Optional<Float> floating(int number) {
        return last(number).map(field -> Float.intBitsToFloat((int) field.bits()));
    }

    Optional<byte[]> bytes(int number) {
        return last(number).map(Field::bytes);
    }

    Optional<ProtoFields> message(int number) {
        return bytes(number).map(bytes -> new ProtoFields(file, bytes));
    }

    List<ProtoFields> messages(int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .map(field -> new ProtoFields(file, field.bytes()))
                .toList();
    }
}
