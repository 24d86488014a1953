package org.llavacluster.modelio.jinja;

import java.util.List;
import org.llavacluster.modelio.jinja.Token.Type;

/** The tokens of a template, one after the other. */
final class TokenStream {

    private final TemplateSource source;
    private final List<Token> tokens;
    private int index;

    /** @param tokens the last is {@link Type#END} */
    TokenStream(TemplateSource source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(index);
    }

    Token ahead() {
        return tokens.get(Math.min(index + 1, tokens.size() - 1));
    }

    /** Returns the current token and advances to the next one. */
    Token next() {
        Token token = current();
        if (index < tokens.size() - 1) {
            index++;
        }
        return token;
    }

    boolean skipName(String name) {
        boolean found = current().isName(name);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipOperator(String operator) {
        boolean found = current().isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    Token expect(Type type) {
        if (!current().is(type)) {
            throw unexpected(type == Type.NAME ? "name" : new Token(type, "", 0).words());
        }
        return next();
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected(name);
        }
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected(operator);
        }
    }

    private TemplateException unexpected(String expected) {
        Token token = current();
        return syntax(
                token.at(),
                token.is(Type.END)
                        ? "unexpected end of template, expected '" + expected + "'."
                        : "expected token '" + expected + "', got '" + token.words() + "'");
    }

    TemplateException syntax(int at, String problem) {
        return source.syntax(at, problem);
    }
}
