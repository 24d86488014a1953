package org.llavacluster.training.data;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Writes a file of conversations as LLaVA's files are, one record a line. The file appears with {@link #complete}; if
 * it is closed before that, nothing is left.
 */
public final class ConversationFileWriter implements AutoCloseable {

    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final Path partial;
    private final JsonGenerator json;

    public ConversationFileWriter(Path file) throws IOException {
        this.file = file.toAbsolutePath().normalize();
        this.partial = this.file.resolveSibling(this.file.getFileName() + ".partial");
        this.json = JSON.createGenerator(partial.toFile(), JsonEncoding.UTF8);
        json.writeStartArray();
    }

    /** Adds a record. */
    public void write(ConversationRecord conversation) throws IOException {
        json.writeRaw('\n');
        json.writeStartObject();
        json.writeStringField("id", conversation.id());
        if (conversation.image().isPresent()) {
            json.writeStringField("image", conversation.image().get());
        }
        json.writeArrayFieldStart("conversations");
        for (ConversationTurn turn : conversation.turns()) {
            json.writeStartObject();
            json.writeStringField("from", turn.speaker().name().toLowerCase(Locale.ROOT));
            json.writeStringField("value", turn.text());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    /** Ends the file and puts it in place. */
    public void complete() throws IOException {
        json.writeEndArray();
        json.close();
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() throws IOException {
        json.close();
        Files.deleteIfExists(partial);
    }
}
