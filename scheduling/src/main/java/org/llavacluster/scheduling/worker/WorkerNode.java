package org.llavacluster.scheduling.worker;

import org.llavacluster.scheduling.name.ContentDigest;

/**
 * One worker: its last report, its health, and the ledger of what this gateway has given it and it has not done. The
 * load of a worker is that ledger and what it reports beyond it, which other gateways gave.
 */
public class WorkerNode {

    private final String id;
    private final WorkerRole role;
    private final WorkerHealth health;
    private final long salt;

    private WorkerReport report;
    private int calls;
    private long work;
    private long kvTokens;
    private int otherCalls;
    private long otherWork;
    private boolean full;

    public WorkerNode(WorkerReport report, WorkerHealth health) {
        this.id = report.id();
        this.role = report.role();
        this.health = health;
        this.report = report;
        long mixed = 0;
        for (int i = 0; i < id.length(); i++) {
            mixed = ContentDigest.scramble(mixed ^ id.charAt(i));
        }
        this.salt = mixed;
    }

    void report(WorkerReport newest) {
        report = newest;
        otherCalls = Math.max(0, newest.running() + newest.waiting() - calls);
        otherWork = Math.max(0, newest.queuedWork() - work);
        full = false;
    }

    /** Gives it a call. */
    public void take(long callWork, long callKvTokens) {
        calls++;
        work += callWork;
        kvTokens += callKvTokens;
    }

    /** Part of a call's work is done. */
    public void did(long callWork) {
        work -= callWork;
    }

    /** A call ended, its work done or not. */
    public void release(long callWork, long callKvTokens) {
        calls--;
        work -= callWork;
        kvTokens -= callKvTokens;
        if (calls < 0 || work < 0 || kvTokens < 0) {
            throw new IllegalStateException(
                    "worker " + id + " has " + calls + " calls, " + work + " work, " + kvTokens + " KV tokens");
        }
    }

    /** Its queue is full: it gets nothing more until its next report. */
    public void full() {
        full = true;
    }

    /** A call brings work that it did not bring when it was made. */
    public void owe(long callWork) {
        work += callWork;
    }

    /** Whether a slot and memory for so many tokens are free, with at most so many other requests waiting. */
    public boolean hasRoom(long tokens, int queue) {
        boolean place = calls + otherCalls < report.slots() + queue;
        return !full && place && (calls == 0 || kvTokens + tokens <= report.kvTokens());
    }

    public String id() {
        return id;
    }

    public WorkerRole role() {
        return role;
    }

    public String identity() {
        return report.identity();
    }

    public long epoch() {
        return report.epoch();
    }

    /** Whether its last report was that it stops. */
    public boolean draining() {
        return report.draining();
    }

    public int slots() {
        return report.slots();
    }

    public WorkerHealth health() {
        return health;
    }

    /** Its part in rendezvous hashing. */
    public long salt() {
        return salt;
    }

    /** Calls of this gateway that have not ended. */
    public int calls() {
        return calls;
    }

    public int allCalls() {
        return calls + otherCalls;
    }

    /** Work of this gateway that is not done. */
    public long work() {
        return work;
    }

    public long kvTokens() {
        return kvTokens;
    }

    public long allWork() {
        return work + otherWork;
    }

    /** @param unknown the rate while it has not measured one */
    public double ratePerSecond(double unknown) {
        return report.ratePerSecond() > 0 ? report.ratePerSecond() : unknown;
    }

    /** Tokens per second of one answer; 0 while it has not measured that. */
    public double tokensPerSecond() {
        return report.tokensPerSecond();
    }

    boolean isIdle() {
        return calls == 0 && work == 0 && kvTokens == 0;
    }

    @Override
    public String toString() {
        return role + " " + id;
    }
}
