package org.llavacluster.node.os;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * The file descriptors of a process.
 *
 * @param open number of open ones
 * @param most limit of open ones: {@code ulimit -n}
 */
public record FileDescriptors(long open, long most) {

    /**
     * Descriptors that a service needs besides its clients' connections: libraries, the model, connections to other
     * nodes.
     */
    public static final int OWN = 400;

    /** Those of this process; a sufficient number if the system does not report it. */
    public static FileDescriptors now() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            return new FileDescriptors(system.getOpenFileDescriptorCount(), system.getMaxFileDescriptorCount());
        }
        return new FileDescriptors(0, Long.MAX_VALUE);
    }

    /** Why a service cannot work with this limit; empty if it can. */
    public Optional<String> shortage(String service) {
        return most >= OWN
                ? Optional.empty()
                : Optional.of(service + " needs at least " + OWN + " file descriptors and may have " + most
                        + ": raise the limit with 'ulimit -n', to 4096 for example");
    }

    /** How many of that many connections fit besides what a service needs itself. */
    public int connections(int wanted) {
        return (int) Math.min(wanted, Math.max(1, most - OWN));
    }

    /** Whether almost none are left. */
    public boolean isShort() {
        return open > most - Math.max(4, Math.min(most / 20, 64));
    }

    /** The figures for a log line or an error. */
    public String describe() {
        return open + " of " + most + " file descriptors are open; 'ulimit -n' raises the limit";
    }
}
