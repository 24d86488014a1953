package org.llavacluster.modelio.jinja;

import java.util.Map;

/** The filters of jinja2, with the {@code tojson} of transformers. */
final class Filters {

    private static final Map<String, Builtin> ALL = new Builtin.Table("function")
            .addAll(TextFilters.table())
            .addAll(NumberFilters.table())
            .addAll(SequenceFilters.table())
            .addAll(SelectingFilters.table())
            .functions();

    private Filters() {}

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    static Object apply(Rendering rendering, String name, Object value, Arguments arguments) {
        Builtin filter = ALL.get(name);
        if (filter == null) {
            throw TemplateException.runtime("no filter of this name");
        }
        rendering.work(1 + ValueWeight.of(value));
        Object result = filter.call(rendering, arguments.prepended(value));
        rendering.work(ValueWeight.of(result));
        return result;
    }
}
