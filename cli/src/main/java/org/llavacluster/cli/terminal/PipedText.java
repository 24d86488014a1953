package org.llavacluster.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.llavacluster.cli.CliException;

/** Text from a file or pipe, read while other work goes on. */
public final class PipedText {

    private static final int MAX_BYTES = 16 << 20;

    private final CompletableFuture<Void> began = new CompletableFuture<>();
    private final CompletableFuture<String> text = new CompletableFuture<>();

    private PipedText() {}

    /** Starts to read all of it. */
    public static PipedText read(InputStream input) {
        PipedText piped = new PipedText();
        Thread.ofPlatform().daemon().name("standard-input").start(() -> piped.readAll(input));
        return piped;
    }

    private void readAll(InputStream input) {
        try {
            byte[] first = input.readNBytes(1);
            began.complete(null);
            byte[] rest = input.readNBytes(MAX_BYTES);
            if (first.length + rest.length > MAX_BYTES) {
                throw new CliException("standard input is limited to " + MAX_BYTES + " bytes, and has more");
            }
            ByteBuffer all = ByteBuffer.allocate(first.length + rest.length)
                    .put(first)
                    .put(rest)
                    .flip();
            text.complete(
                    StandardCharsets.UTF_8.newDecoder().decode(all).toString().stripTrailing());
        } catch (CharacterCodingException e) {
            text.completeExceptionally(
                    new CliException("standard input is not text in UTF-8; images are given with --image FILE", e));
        } catch (IOException e) {
            text.completeExceptionally(new CliException("standard input cannot be read: " + e.getMessage(), e));
        } catch (CliException e) {
            text.completeExceptionally(e);
        } finally {
            began.complete(null);
        }
    }

    /** Waits until all of it was read. */
    public String await() {
        try {
            return text.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CliException cause ? cause : new CliException(e.getMessage(), e);
        }
    }

    /** Waits likewise, unless not even its beginning arrives in that time. */
    public Optional<String> awaitBeginning(Duration patience) {
        try {
            began.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.of(await());
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new AssertionError("the beginning never fails", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted", e);
        }
    }
}
