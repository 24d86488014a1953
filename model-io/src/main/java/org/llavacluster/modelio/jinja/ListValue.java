package org.llavacluster.modelio.jinja;

import java.util.List;

/** Python's {@code list}. */
final class ListValue extends SequenceValue {

    ListValue(List<Object> items) {
        super(items);
    }

    @Override
    ListValue with(List<Object> others) {
        return new ListValue(others);
    }
}
