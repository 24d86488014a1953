package org.llavacluster.systemtest.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.llavacluster.systemtest.harness.Launcher;

/** The table of {@code docs/clients.md} against the clients and scenarios that there are, without running them. */
class ClientPageTest {

    @Test
    void shouldListEveryClientInItsVersionAndEveryScenario() throws IOException {
        String page = Files.readString(Launcher.root().resolve("docs/clients.md"));

        assertThat(ClientTable.of(page))
                .as("docs/clients.md, which ./mvnw -Pclients -Dllava.clients.write=true verify writes")
                .isEqualTo(ClientTable.render((client, scenario) -> true));
    }

    @Test
    void shouldSayWhatFails() {
        String table = ClientTable.render(
                (client, scenario) -> client != MatrixClient.OPENAI_PYTHON || scenario != ClientScenario.TEXT);

        assertThat(table.lines().filter(line -> line.contains("**fails**")))
                .singleElement()
                .asString()
                .startsWith("| a text question | **fails** | ✓ |");
    }

    @Test
    void shouldReplaceTheTableAndNothingElse() {
        String page = """
            before
            <!-- written by the client matrix: begin -->
            old
            <!-- written by the client matrix: end -->
            after
            """;

        String replaced = ClientTable.replace(page, "new\n");

        assertThat(replaced).isEqualTo(page.replace("old", "new"));
        assertThat(ClientTable.of(replaced)).isEqualTo("new\n");
    }
}
