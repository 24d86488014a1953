package org.llavacluster.decoder.generate;

import java.util.concurrent.TimeUnit;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.Completed;

/** Times between the stages of an answer, measured from Start on. */
final class GenerationTimes {

    private final Clock clock;
    private final long startNanos;
    private long embeddingsMicros;
    private long firstTokenMicros;

    GenerationTimes(Clock clock) {
        this.clock = clock;
        this.startNanos = clock.nanoTime();
    }

    /** The embeddings of one more image have arrived. */
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
