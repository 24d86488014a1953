package org.llavacluster.cli.serve;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.llavacluster.cli.bench.MadeUpImages;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Message;
import org.llavacluster.proto.v1.Part;

/** The requests of a run by their number; those of the same seed are the same. Thread-safe. */
final class ServeMix {

    private static final int REPEATED = 8;
    private static final int MOST_IMAGES = 4;
    private static final int LEAST_WORDS = 8;
    private static final int MOST_WORDS = 64;
    private static final List<String> WORDS = List.of(
            "what", "is", "shown", "in", "this", "image", "describe", "the", "left", "half", "and", "why", "blue");

    private final long seed;
    private final int tokens;
    private final int side;
    private final Map<Long, Image> repeated = new ConcurrentHashMap<>();

    /**
     * @param tokens of each answer
     * @param side pixels of each image's sides
     */
    ServeMix(long seed, int tokens, int side) {
        this.seed = seed;
        this.tokens = tokens;
        this.side = side;
    }

    /** The request of that number. */
    ServeRequest at(long number) {
        // Neighbouring seeds of Random begin alike.
        Random random = new Random(seed + number * 0x9E3779B97F4A7C15L);
        random.nextInt();
        ServeKind kind = ServeKind.at(random.nextInt(100));
        Message.Builder message = Message.newBuilder().setRole(Message.Role.ROLE_USER);
        images(kind, random).forEach(image -> message.addParts(Part.newBuilder().setImage(image)));
        message.addParts(Part.newBuilder().setText(text(random)));
        ChatRequest chat = ChatRequest.newBuilder()
                .setConversation(Conversation.newBuilder().addMessages(message))
                .setMaxTokens(tokens)
                .setIgnoreEos(true)
                .build();
        OptionalInt leaveAfter =
                kind == ServeKind.CANCELLED ? OptionalInt.of(random.nextInt(tokens)) : OptionalInt.empty();
        return new ServeRequest(kind, chat, leaveAfter);
    }

    private List<Image> images(ServeKind kind, Random random) {
        return switch (kind) {
            case TEXT -> List.of();
            case ONE_IMAGE -> fresh(1, random);
            case SEVERAL_IMAGES -> fresh(2 + random.nextInt(MOST_IMAGES - 1), random);
            case REPEATED_IMAGE -> List.of(repeated.computeIfAbsent(seed + random.nextInt(REPEATED), this::image));
            case CANCELLED -> fresh(random.nextInt(2), random);
        };
    }

    private List<Image> fresh(int count, Random random) {
        List<Image> images = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            images.add(image(random.nextLong()));
        }
        return images;
    }

    private Image image(long number) {
        return Image.newBuilder()
                .setData(ByteString.copyFrom(MadeUpImages.file(number, side, side, "png")))
                .build();
    }

    private static String text(Random random) {
        int count = LEAST_WORDS + random.nextInt(MOST_WORDS - LEAST_WORDS + 1);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
        }
        return text.toString();
    }
}
