package org.llavacluster.cli.soak;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.llavacluster.proto.v1.ChatRequest;

/** One request of a soak. */
sealed interface SoakRequest {

    SoakKind kind();

    SoakProtocol protocol();

    /**
     * A request that has an answer.
     *
     * @param name the same for requests that must have the same answer; empty if this one comes once
     * @param chat a conversation; over HTTP it is put into OpenAI's words
     * @param stored the file of an image that is put first and then shown by its id, in front of all else
     */
    record Ask(
            SoakKind kind,
            SoakProtocol protocol,
            Optional<String> name,
            ChatRequest chat,
            Optional<ByteString> stored,
            SoakReading reading)
            implements SoakRequest {}

    /** A request that is refused. */
    record Wrong(WrongRequest what, long number) implements SoakRequest {

        @Override
        public SoakKind kind() {
            return SoakKind.WRONG;
        }

        @Override
        public SoakProtocol protocol() {
            return what.protocol();
        }
    }
}
