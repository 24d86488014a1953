package org.llavacluster.gateway.pipeline;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.modelio.prompt.Prompt;

/**
 * Names a request by everything that decides its computation except the seed, because a client that repeats a request
 * usually gets another random one.
 */
final class RequestDigest {

    private RequestDigest() {}

    static ByteString of(ValidRequest request) {
        Hasher hasher = Hashing.sha256().newHasher();
        for (Prompt.Segment segment : request.prompt().segments()) {
            switch (segment) {
                case Prompt.Tokens(int[] ids) -> {
                    hasher.putInt(ids.length);
                    for (int id : ids) {
                        hasher.putInt(id);
                    }
                }
                case Prompt.Image(int index) ->
                    hasher.putInt(-1)
                            .putBytes(request.images()
                                    .get(index)
                                    .stored()
                                    .id()
                                    .digest()
                                    .toByteArray());
            }
        }
        byte[] sampling = PromptLayout.sampling(request.sampling()).build().toByteArray();
        ValidRequest.Ending ending = request.ending();
        hasher.putInt(-2).putInt(sampling.length).putBytes(sampling);
        hasher.putInt(ending.maxTokens()).putInt(ending.minTokens());
        ending.stops().forEach(stop -> hasher.putInt(stop.length()).putString(stop, StandardCharsets.UTF_8));
        hasher.putInt(-3);
        ending.ids().stream().sorted().forEach(hasher::putInt);
        hasher.putInt(-4).putInt(request.topLogprobs().orElse(-1)).putInt(request.choices());
        return ByteString.copyFrom(hasher.hash().asBytes());
    }
}
