package org.llavacluster.cli.soak;

/** Sends requests of a soak by one protocol. Each call returns how its request ended, when it has. */
interface SoakClient extends AutoCloseable {

    SoakOutcome ask(SoakRequest.Ask request);

    SoakOutcome send(SoakRequest.Wrong request);

    @Override
    void close();
}
