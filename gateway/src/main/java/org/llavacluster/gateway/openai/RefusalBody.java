package org.llavacluster.gateway.openai;

import org.llavacluster.gateway.failure.HttpRefusal;

/** The JSON of a refusal, for answers before a request reaches its route. */
public final class RefusalBody {

    private static final CompletionJson JSON = new CompletionJson();

    private RefusalBody() {}

    public static byte[] of(HttpRefusal refusal) {
        return JSON.write(HttpReply.error(refusal));
    }
}
