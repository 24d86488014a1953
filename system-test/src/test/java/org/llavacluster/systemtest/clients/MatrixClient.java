package org.llavacluster.systemtest.clients;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llavacluster.systemtest.harness.RunningCluster;

/** A client of the matrix: a column of the table in {@code docs/clients.md}. */
enum MatrixClient {
    OPENAI_PYTHON(
            "openai-python",
            PinnedVersions.python("openai"),
            (cluster, model) -> ScriptProgram.python("openai_client.py", cluster, model),
            ErrorNames.OPENAI),
    OPENAI_NODE(
            "openai-node",
            PinnedVersions.node("openai"),
            (cluster, model) -> ScriptProgram.node("openai_client.mjs", cluster, model),
            ErrorNames.OPENAI_NODE),
    AI_SDK(
            "AI SDK",
            PinnedVersions.node("ai"),
            (cluster, model) -> ScriptProgram.node("ai_sdk_client.mjs", cluster, model),
            ErrorNames.AI_SDK,
            new Gap(
                    "the AI SDK reads one choice, and no log probabilities",
                    ClientScenario.CHOICES,
                    ClientScenario.LOGPROBS),
            new Gap("the AI SDK fetches the image itself", ClientScenario.REMOTE_IMAGE),
            new Gap("the AI SDK lists no models", ClientScenario.MODELS)),
    LANGCHAIN(
            "LangChain",
            PinnedVersions.python("langchain-openai"),
            (cluster, model) -> ScriptProgram.python("langchain_client.py", cluster, model),
            ErrorNames.LANGCHAIN,
            new Gap("`ChatOpenAI` lists no models", ClientScenario.MODELS)),
    LANGCHAIN4J(
            "LangChain4j",
            PinnedVersions.maven("langchain4j.version"),
            LangChain4jProgram::new,
            ErrorNames.LANGCHAIN4J,
            new Gap("LangChain4j reads one choice", ClientScenario.CHOICES),
            new Gap("LangChain4j's exceptions have no headers", ClientScenario.RETRY_AFTER, ClientScenario.ERROR_ID)),
    GRPCIO(
            "grpcio",
            PinnedVersions.python("grpcio"),
            (cluster, model) -> ScriptProgram.python("grpc_client.py", cluster, model),
            ErrorNames.GRPC,
            Gap.GRPC_FIELDS,
            Gap.GRPC_RETRY),
    GRPC_JS(
            "grpc-js",
            PinnedVersions.node("@grpc/grpc-js"),
            (cluster, model) -> ScriptProgram.node("grpc_client.mjs", cluster, model),
            ErrorNames.GRPC,
            Gap.GRPC_FIELDS,
            Gap.GRPC_RETRY);

    /** Starts the client's program for a cluster that serves a model. */
    private interface Start {
        ClientProgram program(RunningCluster cluster, String model) throws IOException;
    }

    /** Scenarios that a client has nothing for, and why. */
    record Gap(String reason, ClientScenario... scenarios) {

        private static final Gap GRPC_FIELDS = new Gap(
                "the gRPC API has no such fields: its messages hold what it does",
                ClientScenario.NEUTRAL_FIELDS,
                ClientScenario.UNSUPPORTED_FIELD,
                ClientScenario.REMOTE_IMAGE,
                ClientScenario.MAX_COMPLETION_TOKENS,
                ClientScenario.DEADLINE);
        private static final Gap GRPC_RETRY =
                new Gap("gRPC repeats no call unless a service configuration says so", ClientScenario.RETRY);

        private boolean covers(ClientScenario scenario) {
            return Stream.of(scenarios).anyMatch(scenario::equals);
        }
    }

    private final String title;
    private final String version;
    private final Start start;
    private final ErrorNames errors;
    private final List<Gap> gaps;

    MatrixClient(String title, String version, Start start, ErrorNames errors, Gap... gaps) {
        this.title = title;
        this.version = version;
        this.start = start;
        this.errors = errors;
        this.gaps = List.of(gaps);
    }

    String title() {
        return title;
    }

    /** As the file pins it from which the client is installed. */
    String version() {
        return version;
    }

    ClientProgram start(RunningCluster cluster, String model) throws IOException {
        return start.program(cluster, model);
    }

    ErrorNames errors() {
        return errors;
    }

    /** Why the client has nothing for a scenario; empty where it has. */
    Optional<String> gap(ClientScenario scenario) {
        return gaps.stream()
                .filter(gap -> gap.covers(scenario))
                .map(Gap::reason)
                .findFirst();
    }
}
