package org.llavacluster.training.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.llavacluster.engine.Sha256;

/**
 * A training file as published for LLaVA: a JSON list of conversations. It is read as a stream, because the published
 * ones hold up to a gigabyte.
 */
public final class ConversationFile {

    /** Characters of one text; the longest published answers have some ten thousand. */
    private static final int MAX_TEXT_CHARS = 8 << 20;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(16)
                    .maxStringLength(MAX_TEXT_CHARS)
                    .build())
            .build());

    private final Path file;

    public ConversationFile(Path file) {
        this.file = file;
    }

    /**
     * SHA-256 of the file, in hexadecimal.
     *
     * @throws TrainingDataException if it cannot be read
     */
    public String digest() {
        MessageDigest digest = Sha256.start();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (NoSuchFileException e) {
            throw new TrainingDataException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new TrainingDataException(
                    file + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Reads all records in the order of the file.
     *
     * @param usable gets each conversation
     * @param refused gets each record that is none
     * @throws TrainingDataException if the file cannot be read or is not a JSON list, with the place of the fault
     */
    public void read(Consumer<ConversationRecord> usable, Consumer<RefusedRecord> refused) {
        if (!Files.isRegularFile(file)) {
            throw new TrainingDataException(
                    file + (Files.exists(file) ? ": is not a file" : ": there is no such file"));
        }
        try (JsonParser parser = JSON.createParser(file.toFile())) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new TrainingDataException(file + ": must hold a JSON list of conversations");
            }
            for (long index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                JsonNode value = parser.readValueAsTree();
                try {
                    usable.accept(RecordReader.read(value, index));
                } catch (UnusableRecordException e) {
                    refused.accept(new RefusedRecord(RecordReader.id(value, index), e.getMessage()));
                }
            }
            if (parser.nextToken() != null) {
                throw new TrainingDataException(file + ": continues after its list");
            }
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (NoSuchFileException e) {
            throw new TrainingDataException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new TrainingDataException(
                    file + ": cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    /** The parser's own message may quote the file; the place is enough. */
    private TrainingDataException notJson(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        return new TrainingDataException(file + ": is not valid JSON" + place, e);
    }
}
