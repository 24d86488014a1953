package org.llavacluster.clustertest.client;

import java.io.IOException;
import java.nio.file.Files;

/** Lets the {@link LoadProgram} of its pod finish the answers that it waits for, and end. */
public final class EndProgram {

    private EndProgram() {}

    public static void main(String[] arguments) throws IOException {
        Files.createFile(LoadProgram.END);
    }
}
