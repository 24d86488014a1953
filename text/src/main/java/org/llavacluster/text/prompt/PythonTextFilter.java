package org.llavacluster.text.prompt;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;

/** How an expression's value is written where Python and Java differ: truth values begin with a capital letter. */
final class PythonTextFilter implements Filter {

    static final String NAME = "python_text";

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
        return value instanceof Boolean truth ? (truth ? "True" : "False") : value;
    }
}
