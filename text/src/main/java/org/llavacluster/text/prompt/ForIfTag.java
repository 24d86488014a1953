package org.llavacluster.text.prompt;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.parse.TagToken;
import com.hubspot.jinjava.util.ForLoop;
import com.hubspot.jinjava.util.ObjectIterator;
import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code {% for item in items if condition %}}, which the template engine's own loop does not know: the items are sifted first. */
final class ForIfTag extends ForTag {

    private static final long serialVersionUID = 1L;
    private static final String SIFTED = "sifted_items";
    private static final Pattern TOKEN = Pattern.compile(
            "'(?:\\\\.|[^'\\\\])*'|\"(?:\\\\.|[^\"\\\\])*\"|[\\[({]|[\\])}]|\\b(?:in|if)\\b", Pattern.DOTALL);

    @Override
    public String interpretUnchecked(TagNode node, JinjavaInterpreter interpreter) {
        String helpers = node.getHelpers();
        int in = topLevel(helpers, "in", 0);
        int condition = in < 0 ? -1 : topLevel(helpers, "if", in);
        if (condition < 0) {
            return super.interpretUnchecked(node, interpreter);
        }
        List<String> names = List.of(helpers.substring(0, in).strip().split("\\s*,\\s*"));
        Object items =
                interpreter.resolveELExpression(helpers.substring(in + "in".length(), condition), node.getLineNumber());
        List<Object> sifted =
                sift(names, items, helpers.substring(condition + "if".length()), node.getLineNumber(), interpreter);
        TagToken token = new TagToken(
                "{% for " + String.join(", ", names) + " in " + SIFTED + " %}",
                node.getLineNumber(),
                node.getStartPosition(),
                node.getSymbols());
        TagNode plain = new TagNode(this, token, node.getSymbols());
        plain.getChildren().addAll(node.getChildren());
        try (var _ = interpreter.enterNonStackingScope()) {
            interpreter.getContext().put(SIFTED, sifted);
            return super.interpretUnchecked(plain, interpreter);
        }
    }

    private static List<Object> sift(
            List<String> names, Object items, String condition, int line, JinjavaInterpreter interpreter) {
        List<Object> sifted = new ArrayList<>();
        ForLoop loop = ObjectIterator.getLoop(items);
        while (loop.hasNext()) {
            Object item = loop.next();
            try (var _ = interpreter.enterNonStackingScope()) {
                bind(names, item, interpreter.getContext());
                if (ObjectTruthValue.evaluate(interpreter.resolveELExpression(condition, line))) {
                    sifted.add(item);
                }
            }
        }
        return sifted;
    }

    private static void bind(List<String> names, Object item, Map<String, Object> context) {
        if (names.size() == 1) {
            context.put(names.getFirst(), item);
            return;
        }
        if (item instanceof Collection<?> several) {
            Iterator<?> values = several.iterator();
            names.forEach(name -> context.put(name, values.hasNext() ? values.next() : null));
        }
    }

    /** Where the word stands outside of strings and brackets, or -1. */
    private static int topLevel(String text, String word, int from) {
        int depth = 0;
        Matcher matcher = TOKEN.matcher(text).region(from, text.length());
        while (matcher.find()) {
            String token = matcher.group();
            depth += "[({".contains(token) ? 1 : 0;
            depth -= "])}".contains(token) ? 1 : 0;
            if (depth == 0 && token.equals(word) && matcher.start() > 0) {
                return matcher.start();
            }
        }
        return -1;
    }
}
