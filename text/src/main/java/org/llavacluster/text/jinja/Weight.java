package org.llavacluster.text.jinja;

import java.util.List;

/**
 * How much work it is to go through a value once, its parts included as often as they occur. Bounds what printing, comparing and
 * hashing cost where a template puts a list many times into another.
 */
final class Weight {

    private static final long HEAVIEST = 8 << 20;
    private static final int UNITS = 16;

    private Weight() {}

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
        if (weight > HEAVIEST) {
            throw TemplateException.limit("makes a value of more than " + HEAVIEST + " parts");
        }
        return weight;
    }
}
