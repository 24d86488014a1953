package org.llavacluster.gateway.api;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Optional;
import org.llavacluster.gateway.request.TenantHeader;

/** Provides service methods with the header that names the tenant of their call. */
public final class CallTenant implements ServerInterceptor {

    private static final Context.Key<Optional<String>> VALUE = Context.keyWithDefault("tenant", Optional.empty());

    private final Optional<Metadata.Key<String>> key;

    public CallTenant(TenantHeader header) {
        this.key = header.name().map(name -> Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    /** The header's value in the call that the current thread handles. */
    static Optional<String> current() {
        return VALUE.get();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Optional<String> value = key.map(headers::get);
        return Contexts.interceptCall(Context.current().withValue(VALUE, value), call, headers, next);
    }
}
