package org.llavacluster.systemtest.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;

/**
 * Every client with every scenario, against one cluster. The Maven profile {@code clients} installs the clients and
 * runs it.
 */
@Tag("clients")
class ClientMatrixTest {

    /** Titles of the clients to run, with commas between; all of them where it is absent. */
    private static final String ONLY = "llava.clients.only";

    /** Whether the table of {@code docs/clients.md} is replaced by that of this run. */
    private static final String WRITE = "llava.clients.write";

    private record Cell(MatrixClient client, ClientScenario scenario) {}

    private static final Set<Cell> passed = new HashSet<>();
    private static final Map<MatrixClient, ClientProgram> programs = new EnumMap<>(MatrixClient.class);
    private static RunningCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        cluster = ClientRig.startCluster();
    }

    @AfterAll
    static void stop() throws IOException {
        for (ClientProgram program : programs.values()) {
            program.close();
        }
        cluster.close();
        if (Boolean.getBoolean(WRITE)) {
            Path page = Launcher.root().resolve("docs/clients.md");
            String table = ClientTable.render((client, scenario) -> passed.contains(new Cell(client, scenario)));
            Files.writeString(page, ClientTable.replace(Files.readString(page), table));
        }
    }

    @TestFactory
    Stream<DynamicContainer> shouldAnswerEveryClientLikeTheReference() {
        List<String> only = List.of(System.getProperty(ONLY, "").split(","));
        return Arrays.stream(MatrixClient.values())
                .filter(client -> only.equals(List.of("")) || only.contains(client.title()))
                .map(client -> DynamicContainer.dynamicContainer(client.title(), trials(client)));
    }

    private static Stream<DynamicTest> trials(MatrixClient client) {
        return Stream.of(ClientScenario.values())
                .filter(scenario -> client.gap(scenario).isEmpty())
                .map(scenario -> DynamicTest.dynamicTest(scenario.title(), () -> {
                    scenario.run(rig(client));
                    passed.add(new Cell(client, scenario));
                }));
    }

    private static ClientRig rig(MatrixClient client) throws IOException, InterruptedException {
        if (!programs.containsKey(client)) {
            programs.put(client, client.start(cluster, ClientRig.MODEL));
        }
        return new ClientRig(cluster, client, programs.get(client));
    }
}
