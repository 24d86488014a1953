package org.llavacluster.cli.soak;

/** Sends requests of a soak by one protocol and says how each ended. One thread per request; it returns when that is over. */
interface SoakClient extends AutoCloseable {

    SoakOutcome ask(SoakRequest.Ask request);

    SoakOutcome send(SoakRequest.Wrong request);

    @Override
    void close();
}
