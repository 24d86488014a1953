package org.llavacluster.decoder.generate;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The calls of Generate that have not ended, and whether they are to go on elsewhere. */
final class OpenCalls {

    private final Set<GenerateServerCall> open = ConcurrentHashMap.newKeySet();
    private volatile boolean moving;

    void add(GenerateServerCall call) {
        open.add(call);
    }

    void remove(GenerateServerCall call) {
        open.remove(call);
    }

    /** Whether a call that starts now is to go on elsewhere, too. */
    boolean moving() {
        return moving;
    }

    /** Has all of them go on elsewhere whose callers take them there. */
    void moveElsewhere() {
        moving = true;
        open.forEach(GenerateServerCall::moveElsewhere);
    }
}
