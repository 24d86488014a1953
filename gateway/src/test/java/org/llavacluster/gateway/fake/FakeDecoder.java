package org.llavacluster.gateway.fake;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.trace.RequestId;
import org.llavacluster.proto.cluster.v1.DecoderGrpc;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.GenerateRequest;
import org.llavacluster.proto.cluster.v1.Segment;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.cluster.v1.Start;

/**
 * Generates tokens that identify their request: each is a hash of the prompt, the images, the sampling and its index,
 * so that a token is recognised that reached the wrong caller, arrived twice or at the wrong place. Sends as fast as
 * the gateway reads.
 */
public final class FakeDecoder extends DecoderGrpc.DecoderImplBase {

    /** Ordinary tokens of the fixtures' vocabulary: neither special ones nor single bytes. */
    private static final int FIRST_ID = 300;

    private static final int IDS = 350;

    /** How one call behaves. */
    public record Script(
            int tokens,
            int batch,
            boolean missesImages,
            Function<Start, List<Integer>> ids,
            int alternatives,
            Failure failure,
            int failsAfter,
            boolean stalls,
            int diesAfter) {

        /** Answers with that many tokens, or as many as allowed. */
        public static Script of(int tokens) {
            return new Script(tokens, 1, false, null, 0, null, -1, false, -1);
        }

        public Script batches(int batch) {
            return new Script(tokens, batch, missesImages, ids, alternatives, failure, failsAfter, stalls, diesAfter);
        }

        /** Asks for the source of each image once, as if it looked before the encode began. */
        public Script missingImages() {
            return new Script(tokens, batch, true, ids, alternatives, failure, failsAfter, stalls, diesAfter);
        }

        /** Answers with these tokens. */
        public Script saying(List<Integer> said) {
            return new Script(
                    said.size(),
                    batch,
                    missesImages,
                    start -> said,
                    alternatives,
                    failure,
                    failsAfter,
                    stalls,
                    diesAfter);
        }

        /** That many alternatives with each token, whatever was requested. */
        public Script alternatives(int count) {
            return new Script(tokens, batch, missesImages, ids, count, failure, failsAfter, stalls, diesAfter);
        }

        public Script failing(Failure with, int after) {
            return new Script(tokens, batch, missesImages, ids, alternatives, with, after, stalls, diesAfter);
        }

        /** Sends nothing after that many tokens and does not end. */
        public Script stalling(int after) {
            return new Script(after, batch, missesImages, ids, alternatives, failure, failsAfter, true, diesAfter);
        }

        /** The call breaks after that many tokens as if the process had ended. */
        public Script dying(int after) {
            return new Script(tokens, batch, missesImages, ids, alternatives, failure, failsAfter, stalls, after);
        }
    }

    private final Map<String, Start> starts = new ConcurrentHashMap<>();
    private final Map<String, List<Start>> attempts = new ConcurrentHashMap<>();
    private final Map<String, List<Source>> sources = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> sent = new ConcurrentHashMap<>();
    private final Map<String, String> metadataIds = new ConcurrentHashMap<>();
    private final String numericsId;
    private volatile boolean unreachable;
    private final AtomicInteger open = new AtomicInteger();
    private final Set<Call> running = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cancelled = new AtomicInteger();
    private volatile Function<Start, Script> script = start -> Script.of(8);

    /**
     * @param numericsId in its description
     */
    FakeDecoder(String numericsId) {
        this.numericsId = numericsId;
    }

    public void script(Script same) {
        script = start -> same;
    }

    public void script(Function<Start, Script> each) {
        script = each;
    }

    /** The first message of any request. */
    public Start anyStart() {
        return starts.values().iterator().next();
    }

    public Start start(String requestId) {
        return starts.get(requestId);
    }

    /** The first messages of the calls of that request, in order. */
    public List<Start> attempts(String requestId) {
        return attempts.getOrDefault(requestId, List.of());
    }

    public int calls() {
        return starts.size();
    }

    public List<Source> sources(String requestId) {
        return sources.getOrDefault(requestId, List.of());
    }

    /** Tokens sent so far for that request. */
    public int sent(String requestId) {
        return sent.get(requestId).get();
    }

    /** The id in the metadata of that request's call. */
    public String metadataId(String requestId) {
        return metadataIds.get(requestId);
    }

    /** Ends all calls as if the process was killed. */
    void breakCalls() {
        running.forEach(Call::breakOff);
    }

    /** Gives all calls back, as a decoder does that drains. */
    public void moveCalls() {
        running.forEach(Call::move);
    }

    /** Images that are missing could not be reached from now on. */
    public void reachesNobody() {
        unreachable = true;
    }

    /** Calls that have not ended. */
    public int open() {
        return open.get();
    }

    public int cancelled() {
        return cancelled.get();
    }

    /** The token of that index in the answer to that request. */
    public static int token(Start start, int index) {
        Hasher hasher = Hashing.murmur3_128().newHasher();
        for (Segment segment : start.getPromptList()) {
            if (segment.hasImage()) {
                hasher.putBytes(segment.getImage().getEmbeddingKey().toByteArray());
            } else {
                segment.getTokens().getIdsList().forEach(hasher::putInt);
            }
        }
        hasher.putBytes(start.getSampling().toByteArray()).putInt(index);
        return FIRST_ID + Math.floorMod(hasher.hash().asInt(), IDS);
    }

    @Override
    public StreamObserver<GenerateRequest> generate(StreamObserver<GenerateEvent> observer) {
        open.incrementAndGet();
        return new Call((ServerCallStreamObserver<GenerateEvent>) observer);
    }

    private final class Call implements StreamObserver<GenerateRequest> {

        private final ServerCallStreamObserver<GenerateEvent> gateway;
        private final List<ByteString> missing = new ArrayList<>();
        private Start start;
        private Script does;
        private List<Integer> ids;
        private int next;
        private boolean over;

        private Call(ServerCallStreamObserver<GenerateEvent> gateway) {
            this.gateway = gateway;
            gateway.setOnReadyHandler(this::generate);
            running.add(this);
            gateway.setOnCloseHandler(() -> {
                open.decrementAndGet();
                end();
            });
            gateway.setOnCancelHandler(() -> {
                cancelled.incrementAndGet();
                open.decrementAndGet();
                end();
            });
        }

        private synchronized void end() {
            over = true;
            running.remove(this);
        }

        private synchronized void move() {
            if (!over && start.getMayMove()) {
                end();
                gateway.onNext(DecoderEvents.moved());
                gateway.onCompleted();
            }
        }

        private synchronized void breakOff() {
            if (!over) {
                end();
                gateway.onError(Status.INTERNAL.withDescription("Rst Stream").asRuntimeException());
            }
        }

        @Override
        public synchronized void onNext(GenerateRequest request) {
            if (request.hasSource()) {
                sources.get(start.getRequestId()).add(request.getSource());
                missing.remove(request.getSource().getEmbeddingKey());
                generate();
                return;
            }
            start = request.getStart();
            if (!start.getNumericsId().isEmpty() && !start.getNumericsId().equals(numericsId)) {
                over = true;
                gateway.onError(GrpcFailures.toStatus(new Failure.Precondition("other numerics")));
                return;
            }
            next = start.getProducedCount();
            does = script.apply(start);
            attempts.computeIfAbsent(start.getRequestId(), _ -> new CopyOnWriteArrayList<>())
                    .add(start);
            metadataIds.put(start.getRequestId(), RequestId.current().orElse(""));
            sources.put(start.getRequestId(), new ArrayList<>());
            sent.put(start.getRequestId(), new AtomicInteger());
            // Last, because a test that sees the start may ask for the rest.
            starts.put(start.getRequestId(), start);
            ids = does.ids() == null ? hashed() : does.ids().apply(start);
            gateway.onNext(DecoderEvents.accepted(numericsId, promptTokens()));
            for (Segment segment : start.getPromptList()) {
                if (does.missesImages()
                        && segment.hasImage()
                        && !missing.contains(segment.getImage().getEmbeddingKey())) {
                    missing.add(segment.getImage().getEmbeddingKey());
                    gateway.onNext(DecoderEvents.missing(segment.getImage(), unreachable));
                }
            }
            generate();
        }

        private List<Integer> hashed() {
            List<Integer> hashed = new ArrayList<>();
            for (int i = 0; i < Math.min(does.tokens(), most()); i++) {
                hashed.add(token(start, i));
            }
            return hashed;
        }

        private int most() {
            return start.getProducedCount() + start.getMaxTokens();
        }

        private int promptTokens() {
            return start.getPromptList().stream()
                    .mapToInt(segment -> segment.hasImage()
                            ? segment.getImage().getRows()
                            : segment.getTokens().getIdsCount())
                    .sum();
        }

        private synchronized void generate() {
            while (start != null && !over && missing.isEmpty() && gateway.isReady()) {
                if (next == does.diesAfter()) {
                    over = true;
                    gateway.onError(
                            Status.INTERNAL.withDescription("Rst Stream").asRuntimeException());
                } else if (next == does.failsAfter()) {
                    over = true;
                    gateway.onError(GrpcFailures.toStatus(does.failure()));
                } else if (next < ids.size()) {
                    send();
                } else if (does.stalls()) {
                    return;
                } else {
                    over = true;
                    gateway.onNext(DecoderEvents.completed(next, next == most()));
                    gateway.onCompleted();
                }
            }
        }

        private void send() {
            int until = Math.min(ids.size(), next + does.batch());
            if (does.failsAfter() > next) {
                until = Math.min(until, does.failsAfter());
            }
            if (does.diesAfter() > next) {
                until = Math.min(until, does.diesAfter());
            }
            int alternatives = does.alternatives() > 0 ? does.alternatives() : start.getTopLogprobs();
            gateway.onNext(DecoderEvents.tokens(next, ids.subList(next, until), alternatives));
            next = until;
            sent.get(start.getRequestId()).set(next);
        }

        @Override
        public void onError(Throwable t) {
            end();
        }

        @Override
        public void onCompleted() {}
    }
}
