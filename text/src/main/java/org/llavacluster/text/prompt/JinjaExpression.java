package org.llavacluster.text.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites the inside of a tag where the template engine reads it otherwise than jinja2: what {@code not} negates reaches as far as the
 * next {@code and}, {@code or}, {@code if}, {@code else} or the end of the brackets, so it gets brackets of its own. Filters and tests
 * that the engine does not know it would pass over; here they are refused.
 */
final class JinjaExpression {

    private static final Pattern TOKEN = Pattern.compile(
            "\\s+|'(?:\\\\.|[^'\\\\])*'|\"(?:\\\\.|[^\"\\\\])*\"|[A-Za-z_]\\w*|\\d+(?:\\.\\d+)?|.", Pattern.DOTALL);
    private static final Set<String> ENDS = Set.of("and", "or", "if", "else", ",", ")", "]", "}", ":");

    private final Predicate<String> filters;
    private final Predicate<String> tests;

    /** @param filters whether there is a filter of that name, likewise {@code tests} */
    JinjaExpression(Predicate<String> filters, Predicate<String> tests) {
        this.filters = filters;
        this.tests = tests;
    }

    String rewrite(String inside) {
        List<String> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(inside);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
        check(tokens);
        StringBuilder out = new StringBuilder();
        write(tokens, 0, tokens.size(), out);
        return out.toString();
    }

    private void write(List<String> tokens, int from, int to, StringBuilder out) {
        for (int i = from; i < to; i++) {
            if (!isNegation(tokens, i)) {
                out.append(tokens.get(i));
                continue;
            }
            int end = endOfOperand(tokens, i + 1, to);
            out.append("(not (");
            write(tokens, i + 1, end, out);
            out.append(")) ");
            i = end - 1;
        }
    }

    /** {@code not} itself, neither of {@code is not} and {@code not in}. */
    private static boolean isNegation(List<String> tokens, int at) {
        if (!tokens.get(at).equals("not")) {
            return false;
        }
        int before = next(tokens, at - 1, -1);
        int after = next(tokens, at + 1, 1);
        return (before < 0 || !tokens.get(before).equals("is"))
                && (after >= tokens.size() || !tokens.get(after).equals("in"));
    }

    private static int endOfOperand(List<String> tokens, int from, int to) {
        int depth = 0;
        for (int i = from; i < to; i++) {
            String token = tokens.get(i);
            if (depth == 0 && ENDS.contains(token)) {
                return i;
            }
            depth += token.equals("(") || token.equals("[") || token.equals("{") ? 1 : 0;
            depth -= token.equals(")") || token.equals("]") || token.equals("}") ? 1 : 0;
        }
        return to;
    }

    private void check(List<String> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            int after = next(tokens, i + 1, 1);
            if (tokens.get(i).equals("|")) {
                refuseUnless(after < tokens.size() && filters.test(tokens.get(after)), "filter", tokens, after);
            } else if (tokens.get(i).equals("is")) {
                after = after < tokens.size() && tokens.get(after).equals("not") ? next(tokens, after + 1, 1) : after;
                refuseUnless(after < tokens.size() && tests.test(tokens.get(after)), "test", tokens, after);
            }
        }
    }

    private static void refuseUnless(boolean known, String what, List<String> tokens, int at) {
        if (!known) {
            String name = at < tokens.size() ? tokens.get(at) : "";
            throw new PromptException("messages: the model's chat template uses the " + what + " \"" + name
                    + "\", which is not supported");
        }
    }

    /** The nearest token that is not white space, from {@code at} on in the direction of {@code step}. */
    private static int next(List<String> tokens, int at, int step) {
        int i = at;
        while (i >= 0 && i < tokens.size() && tokens.get(i).isBlank()) {
            i += step;
        }
        return i;
    }
}
