package org.llavacluster.systemtest.clients;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of {@code docs/clients.md} in Markdown: scenarios by clients. */
final class ClientTable {

    private static final String BEGIN = "<!-- written by the client matrix: begin -->\n";
    private static final String END = "<!-- written by the client matrix: end -->\n";

    private final Set<String> reasons = new LinkedHashSet<>();

    /** How a client did in a scenario that it has something for. */
    interface Outcomes {
        boolean passed(MatrixClient client, ClientScenario scenario);
    }

    private ClientTable() {}

    static String render(Outcomes outcomes) {
        return new ClientTable().lines(outcomes).collect(Collectors.joining("\n", "", "\n"));
    }

    private Stream<String> lines(Outcomes outcomes) {
        List<MatrixClient> clients = List.of(MatrixClient.values());
        List<String> lines = new ArrayList<>();
        lines.add(row("", clients.stream().map(client -> client.title() + " " + client.version())));
        lines.add("|---" + "|:---:".repeat(clients.size()) + "|");
        for (ClientScenario scenario : ClientScenario.values()) {
            lines.add(row(scenario.title(), clients.stream().map(client -> cell(client, scenario, outcomes))));
        }
        lines.add("");
        int number = 0;
        for (String reason : reasons) {
            lines.add(++number + ". " + reason);
        }
        return lines.stream();
    }

    private static String row(String first, Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| " + first + " | ", " |"));
    }

    private String cell(MatrixClient client, ClientScenario scenario, Outcomes outcomes) {
        return client.gap(scenario)
                .map(reason -> "– (" + footnote(reason) + ")")
                .orElseGet(() -> outcomes.passed(client, scenario) ? "✓" : "**fails**");
    }

    private int footnote(String reason) {
        reasons.add(reason);
        return List.copyOf(reasons).indexOf(reason) + 1;
    }

    /** @param page of which the part between the marks is replaced */
    static String replace(String page, String table) {
        return page.substring(0, begin(page)) + table + page.substring(end(page));
    }

    static String of(String page) {
        return page.substring(begin(page), end(page));
    }

    private static int begin(String page) {
        int begin = page.indexOf(BEGIN);
        if (begin < 0) {
            throw new IllegalArgumentException("the page has no line " + BEGIN);
        }
        return begin + BEGIN.length();
    }

    private static int end(String page) {
        int end = page.indexOf(END);
        if (end < 0) {
            throw new IllegalArgumentException("the page has no line " + END);
        }
        return end;
    }
}
