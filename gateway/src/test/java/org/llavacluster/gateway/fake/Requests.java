package org.llavacluster.gateway.fake;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;
import org.llavacluster.proto.v1.PutImageRequest;

/** Requests of the gRPC API. */
public final class Requests {

    private static final AtomicInteger IMAGES = new AtomicInteger();

    private Requests() {}

    public static ByteString image(String name) {
        try {
            return ByteString.copyFrom(
                    Files.readAllBytes(GatewayRig.fixtures().resolve("images").resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An image that no request had before. */
    public static ByteString freshImage(String name) {
        return image(name).concat(ByteString.copyFromUtf8("number " + IMAGES.getAndIncrement()));
    }

    public static ChatRequest.Builder asking(String question) {
        return ChatRequest.newBuilder().setConversation(conversation(text(question)));
    }

    public static ChatRequest.Builder asking(String question, ByteString... images) {
        Conversation.Builder conversation = conversation(text(question)).toBuilder();
        for (ByteString file : images) {
            conversation.getMessagesBuilder(0).addParts(image(Image.newBuilder().setData(file)));
        }
        return ChatRequest.newBuilder().setConversation(conversation);
    }

    public static ChatRequest.Builder askingAbout(String question, ByteString imageId) {
        Conversation.Builder conversation = conversation(text(question)).toBuilder();
        conversation.getMessagesBuilder(0).addParts(image(Image.newBuilder().setId(imageId)));
        return ChatRequest.newBuilder().setConversation(conversation);
    }

    private static Conversation conversation(Part part) {
        return Conversation.newBuilder()
                .addMessages(
                        Message.newBuilder().setRole(Message.Role.ROLE_USER).addParts(part))
                .build();
    }

    private static Part text(String text) {
        return Part.newBuilder().setText(text).build();
    }

    private static Part image(Image.Builder image) {
        return Part.newBuilder().setImage(image).build();
    }

    public static PutImageRequest size(long bytes) {
        return PutImageRequest.newBuilder().setTotalBytes(bytes).build();
    }

    public static PutImageRequest data(ByteString piece) {
        return PutImageRequest.newBuilder().setData(piece).build();
    }
}
