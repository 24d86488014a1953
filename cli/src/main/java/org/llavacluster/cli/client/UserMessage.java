package org.llavacluster.cli.client;

import java.util.List;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;

/** Builds the API's message for a user's images and text. */
public final class UserMessage {

    private UserMessage() {}

    /** The images first, then the text. */
    public static Message of(List<Image> images, String text) {
        Message.Builder message = Message.newBuilder().setRole(Message.Role.ROLE_USER);
        images.forEach(image -> message.addParts(Part.newBuilder().setImage(image)));
        return message.addParts(Part.newBuilder().setText(text)).build();
    }
}
