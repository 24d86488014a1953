package org.llavacluster.scheduling.worker;

/** Workers for tests. */
public final class Workers {

    public static final String IDENTITY = "revision 1";

    private Workers() {}

    public static WorkerReport report(WorkerRole role, String id, long epoch) {
        return new WorkerReport(id, role, epoch, IDENTITY, false, 4, 0, 0, 0, 100, 0, 10_000);
    }

    public static WorkerReport report(WorkerRole role, String id, long epoch, String identity, boolean draining) {
        return new WorkerReport(id, role, epoch, identity, draining, 4, 0, 0, 0, 100, 0, 10_000);
    }

    public static WorkerReport decoder(String id, int slots, double rate) {
        return new WorkerReport(id, WorkerRole.DECODER, 1, IDENTITY, false, slots, 0, 0, 0, rate, 0, 10_000);
    }

    /** A decoder that has measured both of its rates. */
    public static WorkerReport measured(String id, double promptTokensPerSecond, double tokensPerSecond) {
        return new WorkerReport(
                id, WorkerRole.DECODER, 1, IDENTITY, false, 4, 0, 0, 0, promptTokensPerSecond, tokensPerSecond, 10_000);
    }

    public static WorkerNode node(WorkerReport report) {
        return new WorkerNode(report, new WorkerHealth(HealthRules.DEFAULT));
    }
}
