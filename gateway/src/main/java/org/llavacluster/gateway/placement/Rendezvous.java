package org.llavacluster.gateway.placement;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Highest-random-weight hashing: every gateway maps a key to the same node without coordination, and a node that joins
 * or leaves moves only the keys that it wins or loses.
 */
final class Rendezvous {

    private static final HashFunction HASH = Hashing.murmur3_128();

    private Rendezvous() {}

    /**
     * The candidates in order of preference for the key: the second would be first without the first one, and so on.
     */
    static <T> List<T> order(ByteString key, List<T> candidates, Function<T, String> id) {
        return candidates.stream()
                .sorted(Comparator.comparingLong((T candidate) -> weight(key, id.apply(candidate)))
                        .reversed()
                        .thenComparing(id))
                .toList();
    }

    private static long weight(ByteString key, String id) {
        return HASH.newHasher()
                .putBytes(key.asReadOnlyByteBuffer())
                .putString(id, StandardCharsets.UTF_8)
                .hash()
                .asLong();
    }
}
