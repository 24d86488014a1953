package org.llavacluster.modelio.jinja;

import java.util.List;

/**
 * The work of visiting a value once, counting its parts as often as they occur. Bounds the cost of printing, comparing
 * and hashing when a template nests a list many times.
 */
final class ValueWeight {

    private static final int UNITS = 16;

    private ValueWeight() {}

    static long of(Object value) {
        return switch (value) {
            case Rope rope -> 1 + rope.units() / UNITS;
            case SequenceValue sequence -> sequence.weight();
            case DictValue dict -> dict.weight();
            case DictViewValue view -> view.dict().weight();
            case BytesValue bytes -> 1 + bytes.bytes().length / UNITS;
            default -> 1;
        };
    }

    static long sum(List<Object> values) {
        long sum = 1;
        for (Object value : values) {
            sum += of(value);
        }
        return checked(sum);
    }

    static long checked(long weight) {
        if (weight > TemplateLimits.VALUE_PARTS) {
            throw TemplateException.limit("makes a value of more than " + TemplateLimits.VALUE_PARTS + " parts");
        }
        return weight;
    }
}
