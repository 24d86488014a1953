package org.llavacluster.text.prompt;

import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.el.ext.JinjavaListELResolver;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.lib.fn.MacroFunction;
import com.hubspot.jinjava.util.ForLoop;
import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jinjava.javax.el.CompositeELResolver;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;
import jinjava.javax.el.MapELResolver;
import jinjava.javax.el.PropertyNotFoundException;

/**
 * What a template may reach: entries of maps and lists, the state of a loop, and those methods of Python's strings, lists and dicts
 * that chat templates use. Nothing of Java.
 */
final class PythonResolver extends CompositeELResolver {

    PythonResolver() {
        add(new Methods());
        add(new MapELResolver(true));
        add(new JinjavaListELResolver(true));
        add(new LoopState());
    }

    /** {@code loop.index0} and the like. */
    private static final class LoopState extends ReadOnly {

        @Override
        public Object getValue(ELContext context, Object base, Object property) {
            if (!(base instanceof ForLoop loop)) {
                if (base != null) {
                    context.setPropertyResolved(true);
                }
                return null;
            }
            context.setPropertyResolved(true);
            return switch (String.valueOf(property)) {
                case "index" -> (long) loop.getIndex();
                case "index0" -> (long) loop.getIndex0();
                case "revindex" -> (long) loop.getRevindex();
                case "revindex0" -> (long) loop.getRevindex0();
                case "first" -> loop.isFirst();
                case "last" -> loop.isLast();
                case "length" -> (long) loop.getLength();
                default -> null;
            };
        }
    }

    /** Calls: everything that is not listed here is refused. */
    private static final class Methods extends ReadOnly {

        /** The template engine calls its own filters and tests this way. */
        private final ELResolver engine = new JinjavaBeanELResolver(true);

        @Override
        public Object getValue(ELContext context, Object base, Object property) {
            if (!(base instanceof String text) || !String.valueOf(property).matches("-?\\d{1,9}")) {
                return null;
            }
            context.setPropertyResolved(true);
            int index = Integer.parseInt(String.valueOf(property));
            int at = index < 0 ? text.length() + index : index;
            return at < 0 || at >= text.length() ? null : text.substring(at, at + 1);
        }

        @Override
        public Object invoke(ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
            context.setPropertyResolved(true);
            String name = String.valueOf(method);
            Object[] given = arguments == null ? new Object[0] : arguments;
            return switch (base) {
                case null -> throw unknown(name);
                case String text -> PythonStrings.call(text, name, given);
                case Map<?, ?> map -> call(map, name, given);
                case ForLoop loop when name.equals("cycle") -> loop.cycle(given);
                case Filter _, ExpTest _, MacroFunction _ -> engine.invoke(context, base, method, types, arguments);
                default -> throw unknown(name);
            };
        }

        private static Object call(Map<?, ?> map, String name, Object[] arguments) {
            return switch (name) {
                case "get" -> {
                    Object value = map.get(String.valueOf(arguments[0]));
                    yield value == null && arguments.length > 1 ? arguments[1] : value;
                }
                case "keys" -> new ArrayList<Object>(map.keySet());
                case "values" -> new ArrayList<Object>(map.values());
                case "items" -> {
                    List<Object> items = new ArrayList<>();
                    map.forEach((key, value) -> items.add(List.of(key, value)));
                    yield items;
                }
                default -> throw unknown(name);
            };
        }
    }

    static PromptException unknown(String method) {
        return new PromptException("messages: the model's chat template calls "
                + method.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "?") + "(), which is not supported");
    }

    private abstract static class ReadOnly extends ELResolver {

        @Override
        public Class<?> getType(ELContext context, Object base, Object property) {
            return null;
        }

        @Override
        public void setValue(ELContext context, Object base, Object property, Object value) {
            throw new PropertyNotFoundException("templates cannot write");
        }

        @Override
        public boolean isReadOnly(ELContext context, Object base, Object property) {
            return true;
        }

        @Override
        public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
            return null;
        }

        @Override
        public Class<?> getCommonPropertyType(ELContext context, Object base) {
            return Object.class;
        }
    }
}
