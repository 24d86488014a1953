package org.llavacluster.modelio.jinja;

/**
 * A token of a template's source.
 *
 * @param value the text, name or operator; for {@link Type#STRING} the literal's value
 * @param at position in the source
 */
record Token(Type type, String value, int at) {

    enum Type {
        DATA("template data / text"),
        PRINT_BEGIN("begin of print statement"),
        PRINT_END("end of print statement"),
        BLOCK_BEGIN("begin of statement block"),
        BLOCK_END("end of statement block"),
        NAME("name"),
        STRING("string"),
        INTEGER("integer"),
        FLOAT("float"),
        OPERATOR("operator"),
        END("end of template");

        private final String words;

        Type(String words) {
            this.words = words;
        }
    }

    boolean is(Type wanted) {
        return type == wanted;
    }

    boolean isName(String name) {
        return type == Type.NAME && value.equals(name);
    }

    boolean isOperator(String operator) {
        return type == Type.OPERATOR && value.equals(operator);
    }

    /** The token for messages. */
    String words() {
        return type == Type.NAME || type == Type.OPERATOR ? value : type.words;
    }
}
