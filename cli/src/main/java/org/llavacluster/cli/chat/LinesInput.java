package org.llavacluster.cli.chat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.llavacluster.cli.CliException;

/** Messages from a file or pipe, one per line. */
final class LinesInput implements ChatInput {

    private final BufferedReader lines;

    LinesInput(InputStream input) {
        this.lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
    }

    @Override
    public Optional<String> next(String prompt) {
        try {
            return Optional.ofNullable(lines.readLine());
        } catch (IOException e) {
            throw new CliException("standard input cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean interactive() {
        return false;
    }

    @Override
    public void close() {
        // Standard input stays open.
    }
}
