package org.llavacluster.text.jinja;

/** The text of a template with line ends made one kind, one at the end left out; knows lines and columns. Immutable. */
record Source(String text) {

    static Source of(String template) {
        String text = template.replace("\r\n", "\n").replace('\r', '\n');
        return new Source(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
    }

    int line(int at) {
        return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    int column(int at) {
        int start = text.lastIndexOf('\n', at - 1) + 1;
        return 1 + text.codePointCount(start, at);
    }

    TemplateException syntax(int at, String problem) {
        return new TemplateException(TemplateException.Kind.SYNTAX, problem, line(at), column(at), null);
    }
}
