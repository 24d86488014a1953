package org.llavacluster.simulator.promise;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.History;

/** What clients are promised of their streams. */
final class StreamPromises {

    /** After its deadline a request may take so long to end. */
    private static final long GRACE_NANOS = 250_000_000;

    private StreamPromises() {}

    /** Exactly one end, by the deadline, and nothing after it. */
    static Stream<String> terminalOnce(History history) {
        Stream<String> requests = history.requests.values().stream().flatMap(request -> {
            if (request.ends.size() != 1) {
                return Stream.of(name(request) + " has " + request.ends.size() + " ends");
            }
            long late = request.ends.getFirst().nanos() - request.spec.deadlineNanos();
            return late > GRACE_NANOS
                    ? Stream.of(name(request) + " ended " + late / 1_000_000 + " ms after its deadline")
                    : Stream.empty();
        });
        return history.tokensAfterEnd == 0
                ? requests
                : Stream.of(history.tokensAfterEnd + " tokens came after the end of their request");
    }

    /** Tokens are those of the fault-free stream; all of them where the request completed. */
    static Stream<String> prefix(History history) {
        return history.requests.values().stream().flatMap(request -> {
            Stream<String> tokens = IntStream.range(0, request.received())
                    .filter(i -> request.token(i) != request.content.token(request.index(i)))
                    .mapToObj(i -> name(request) + " has a wrong token " + request.index(i));
            int whole = Math.min(request.content.answerTokens(), request.spec.maxTokens());
            return request.completed() && request.received() != whole
                    ? Stream.of(name(request) + " completed with " + request.received() + " of " + whole + " tokens")
                    : tokens;
        });
    }

    /** Indices have no gap and no repeat, and are not more than were asked for. */
    static Stream<String> contiguous(History history) {
        return history.requests.values().stream().flatMap(request -> IntStream.range(0, request.received())
                .filter(i -> request.index(i) != i || i >= request.spec.maxTokens())
                .mapToObj(i -> name(request) + " got token " + request.index(i) + " in place " + i));
    }

    /** No token of one request in another, and nothing of one tenant to another. */
    static Stream<String> isolated(History history) {
        if (history.sharedAcrossTenants > 0) {
            return Stream.of(history.sharedAcrossTenants + " times a tenant was given what another one's request made");
        }
        Map<Long, ClientRequest> owners = new HashMap<>();
        for (ClientRequest request : history.requests.values()) {
            for (int i = 0; i < request.content.answerTokens(); i++) {
                owners.putIfAbsent(request.content.token(i), request);
            }
        }
        return history.requests.values().stream().flatMap(request -> IntStream.range(0, request.received())
                .filter(i -> request.token(i) != request.content.token(request.index(i)))
                .filter(i -> owners.containsKey(request.token(i)))
                .mapToObj(i -> name(request) + " got a token of " + name(owners.get(request.token(i)))));
    }

    static String name(ClientRequest request) {
        return "request " + request.spec.id() + " of " + request.spec.tenant();
    }
}
