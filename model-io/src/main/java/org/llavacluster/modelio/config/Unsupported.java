package org.llavacluster.modelio.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.llavacluster.modelio.json.Fields;

/** Refuses, by name, features that a configuration may ask for and this project does not support. */
final class Unsupported {

    private Unsupported() {}

    /** Fields that name a feature. Absent, {@code null} and {@code false} are accepted. */
    static void refuse(Fields fields, String... features) {
        for (String feature : features) {
            JsonNode value = fields.node(feature).orElse(null);
            if (value != null && !(value.isBoolean() && !value.booleanValue())) {
                throw fields.error(feature, "is not supported");
            }
        }
    }

    /** The field's value, which must be one of the known ones. */
    static String oneOf(Fields fields, String field, String byDefault, List<String> known) {
        String value = fields.text(field).orElse(byDefault);
        if (!known.contains(value)) {
            throw fields.error(field, "\"" + value + "\" is not supported (known: " + String.join(", ", known) + ")");
        }
        return value;
    }
}
