package org.llavacluster.systemtest.clients;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;
import org.llavacluster.systemtest.harness.SystemProcess;

/** A script in a process of its own: a call is a line of JSON on its stdin, the result a line on its stdout. */
final class ScriptProgram implements ClientProgram {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_SECONDS = 300;

    private final Process process;
    private final Writer calls;
    private final BufferedReader results;

    private ScriptProgram(Process process) {
        this.process = process;
        this.calls = process.outputWriter(StandardCharsets.UTF_8);
        this.results = process.inputReader(StandardCharsets.UTF_8);
    }

    static ScriptProgram python(String script, RunningCluster cluster, String model) throws IOException {
        return start("target/clients/python/bin/python", "src/clients/python/" + script, cluster, model);
    }

    static ScriptProgram node(String script, RunningCluster cluster, String model) throws IOException {
        return start("node", "target/clients/node/" + script, cluster, model);
    }

    private static ScriptProgram start(String interpreter, String script, RunningCluster cluster, String model)
            throws IOException {
        Path module = Launcher.root().resolve("system-test");
        String runs = interpreter.contains("/") ? module.resolve(interpreter).toString() : interpreter;
        ProcessBuilder builder = SystemProcess.builder(List.of(
                        runs,
                        module.resolve(script).toString(),
                        cluster.http() + "/v1",
                        cluster.service("gateway-0").grpc(),
                        model))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .put(
                        "LLAVA_PROTO",
                        Launcher.root().resolve("proto/src/main/proto").toString());
        // Results may hold any character, whatever the locale.
        builder.environment().put("PYTHONUTF8", "1");
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        return new ScriptProgram(builder.start());
    }

    @Override
    public JsonNode make(ClientCall call) throws IOException {
        calls.write(JSON.writeValueAsString(call) + "\n");
        calls.flush();
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(results.readLine());
            } catch (IOException e) {
                result.completeExceptionally(new UncheckedIOException(e));
            }
        });
        try {
            String line = result.get(LONGEST_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new IOException("the client's program ended; its errors are above");
            }
            return JSON.readTree(line);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("no result of the client's program", e);
        }
    }

    @Override
    public void close() throws IOException {
        calls.close();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
