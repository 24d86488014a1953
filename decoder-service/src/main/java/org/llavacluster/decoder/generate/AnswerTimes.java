package org.llavacluster.decoder.generate;

import java.util.concurrent.TimeUnit;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.Completed;

/** When the parts of an answer were there, from Start on. */
final class AnswerTimes {

    private final Clock clock;
    private final long startNanos;
    private long embeddingsMicros;
    private long firstTokenMicros;

    AnswerTimes(Clock clock) {
        this.clock = clock;
        this.startNanos = clock.nanoTime();
    }

    /** The embeddings of one more image are there. */
    void embeddings() {
        embeddingsMicros = micros();
    }

    void token() {
        if (firstTokenMicros == 0) {
            firstTokenMicros = micros();
        }
    }

    Completed.Builder completed(Completed.Reason reason, int generated) {
        return Completed.newBuilder()
                .setReason(reason)
                .setGenerated(generated)
                .setEmbeddingsMicros(embeddingsMicros)
                .setFirstTokenMicros(firstTokenMicros)
                .setTotalMicros(micros());
    }

    private long micros() {
        return TimeUnit.NANOSECONDS.toMicros(clock.nanoTime() - startNanos);
    }
}
