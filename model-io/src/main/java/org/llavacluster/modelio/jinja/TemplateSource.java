package org.llavacluster.modelio.jinja;

/** The text of a template, with unified line ends and without the last one. Knows lines and columns. Immutable. */
record TemplateSource(String text) {

    static TemplateSource of(String template) {
        String text = template.replace("\r\n", "\n").replace('\r', '\n');
        return new TemplateSource(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
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
