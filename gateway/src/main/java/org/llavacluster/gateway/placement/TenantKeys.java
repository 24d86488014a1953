package org.llavacluster.gateway.placement;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names of each tenant's tensors: no cache of a worker answers one tenant with what another one has computed.
 * Tenants whose requests come most seldom are forgotten; their keys are made anew, and are the same.
 */
public final class TenantKeys {

    private static final int REMEMBERED = 1_024;

    private final TensorKeys master;

    /** Least recently used first. */
    private final Map<String, TensorKeys> keys = new LinkedHashMap<>(16, 0.75f, true);

    /** @param master of the only tenant, from which those of all others follow */
    public TenantKeys(ByteString master) {
        this.master = new TensorKeys(master.toByteArray());
    }

    /** @param tenant empty for the only one */
    public synchronized TensorKeys of(String tenant) {
        if (tenant.isEmpty()) {
            return master;
        }
        TensorKeys found = keys.computeIfAbsent(tenant, master::tenant);
        if (keys.size() > REMEMBERED) {
            keys.remove(keys.keySet().iterator().next());
        }
        return found;
    }
}
