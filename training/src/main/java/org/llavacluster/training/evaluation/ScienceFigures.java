package org.llavacluster.training.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Right answers to ScienceQA's questions, by the columns of its published tables. */
public final class ScienceFigures {

    private final Map<String, Column> columns = new LinkedHashMap<>();

    public ScienceFigures() {
        for (String name : new String[] {"NAT", "SOC", "LAN", "TXT", "IMG", "NO", "G1-6", "G7-12", "AVG"}) {
            columns.put(name, new Column(0, 0));
        }
    }

    /** Questions of a column and how many of them were answered right. */
    public record Column(int questions, int right) {

        /** From 0 to 100; 0 without questions. */
        public double percent() {
            return questions == 0 ? 0 : 100.0 * right / questions;
        }
    }

    /** Adds the answer to a question; none counts as wrong. */
    public void add(ScienceQuestion question, ScienceQaAnswer answer) {
        boolean right = answer.index(question.choices().size()) == question.answer();
        switch (question.subject()) {
            case "natural science" -> count("NAT", right);
            case "social science" -> count("SOC", right);
            case "language science" -> count("LAN", right);
            default -> {
                // Only the published subjects have a column.
            }
        }
        if (!question.hint().isBlank()) {
            count("TXT", right);
        }
        if (question.image().isPresent()) {
            count("IMG", right);
        }
        if (question.hint().isBlank() && question.image().isEmpty()) {
            count("NO", right);
        }
        count(question.grade() <= 6 ? "G1-6" : "G7-12", right);
        count("AVG", right);
    }

    private void count(String name, boolean right) {
        columns.computeIfPresent(
                name, (_, column) -> new Column(column.questions() + 1, column.right() + (right ? 1 : 0)));
    }

    /** In the order of the published tables. */
    public Map<String, Column> columns() {
        return Collections.unmodifiableMap(columns);
    }

    /** Names of the columns, in the order of the published tables. */
    public static List<String> names() {
        return List.copyOf(new ScienceFigures().columns.keySet());
    }

    /** A table with a row for each of these answers, in percent. */
    public static String table(Map<String, ScienceFigures> rows) {
        StringBuilder table = new StringBuilder("%-12s".formatted("answers"));
        names().forEach(name -> table.append("%8s".formatted(name)));
        table.append(System.lineSeparator());
        rows.forEach((row, figures) -> {
            table.append("%-12s".formatted(row));
            names().forEach(name -> table.append(String.format(
                    Locale.ROOT, "%8.2f", figures.columns.get(name).percent())));
            table.append(System.lineSeparator());
        });
        return table.toString();
    }
}
