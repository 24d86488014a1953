package org.llavacluster.systemtest.clients;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.systemtest.harness.Launcher;

/**
 * One call that the program of a client makes, in JSON as it reads it.
 *
 * @param operation {@code chat} for a whole answer, {@code stream} or {@code models}
 * @param parameters by the names that the OpenAI API gives them; the program translates them to those of its SDK
 * @param retries how often the SDK may repeat the call by itself
 * @param timeout in seconds, the SDK's own
 * @param pieces of text after which the client goes away; 0 to read all
 */
record ClientCall(
        String operation,
        List<Turn> messages,
        Map<String, Object> parameters,
        Map<String, String> headers,
        int retries,
        int timeout,
        int pieces) {

    private static final int PATIENCE_SECONDS = 120;

    /** @param images paths of files, or a URL that the program passes on as it is */
    record Turn(String role, String text, List<String> images) {

        static Turn user(String text, String... images) {
            return new Turn("user", text, List.of(images));
        }

        static Turn system(String text) {
            return new Turn("system", text, List.of());
        }

        static Turn assistant(String text) {
            return new Turn("assistant", text, List.of());
        }
    }

    /** A whole answer, decoded greedily. */
    static ClientCall chat(Turn... turns) {
        return new ClientCall("chat", Arrays.asList(turns), Map.of("temperature", 0), Map.of(), 0, PATIENCE_SECONDS, 0);
    }

    static ClientCall models() {
        return new ClientCall("models", List.of(), Map.of(), Map.of(), 0, PATIENCE_SECONDS, 0);
    }

    /** @param name of a file among the fixtures */
    static String image(String name) {
        return Launcher.fixture("images").resolve(name).toString();
    }

    /** @param value null for JSON's null */
    ClientCall with(String parameter, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(parameters);
        more.put(parameter, value);
        return new ClientCall(operation, messages, more, headers, retries, timeout, pieces);
    }

    ClientCall streamed() {
        return new ClientCall("stream", messages, parameters, headers, retries, timeout, pieces);
    }

    ClientCall leavingAfter(int piecesOfText) {
        return new ClientCall("stream", messages, parameters, headers, retries, timeout, piecesOfText);
    }

    ClientCall withHeader(String name, String value) {
        return new ClientCall(operation, messages, parameters, Map.of(name, value), retries, timeout, pieces);
    }

    ClientCall retrying(int times) {
        return new ClientCall(operation, messages, parameters, headers, times, timeout, pieces);
    }

    ClientCall within(int seconds) {
        return new ClientCall(operation, messages, parameters, headers, retries, seconds, pieces);
    }
}
