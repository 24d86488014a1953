package org.llavacluster.cli.soak;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.llavacluster.cli.bench.MadeUpImages;
import org.llavacluster.cli.client.UserMessage;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.Conversation;
import org.llavacluster.proto.v1.Image;
import org.llavacluster.proto.v1.Sampling;

/** The requests of a soak by their number; those of the same seed are the same. Any thread may ask. */
final class SoakMix {

    /** Texts, images and groups of images that come again and again. */
    private static final int REPEATED = 12;

    private static final int LEAST_SIDE = 40;
    private static final int MOST_SIDE = 400;
    private static final List<String> FORMATS = List.of("png", "jpg", "gif", "bmp");
    private static final List<String> WORDS = List.of(
            "what", "is", "shown", "in", "this", "image", "describe", "the", "left", "half", "and", "why", "blue");

    private static final int ANSWER_TOKENS = 24;

    /** Several times what a stream may have on its way to a client that does not read. */
    private static final int SLOW_TOKENS = 96;

    private static final int SLOW_LOGPROBS = 20;
    private static final Duration SLOW_PAUSE = Duration.ofMillis(50);
    private static final int MOST_EVENTS_BEFORE_LEAVING = 5;

    private final long seed;
    private final List<SoakProtocol> protocols;
    private final Map<Integer, Image> repeatedImages = new ConcurrentHashMap<>();

    /** @param protocols that the gateway can be reached by */
    SoakMix(long seed, List<SoakProtocol> protocols) {
        this.seed = seed;
        this.protocols = List.copyOf(protocols);
    }

    /** The request of that number. */
    SoakRequest at(long number) {
        // Neighbouring seeds of Random begin alike.
        Random random = new Random(seed + number * 0x9E3779B97F4A7C15L);
        random.nextInt();
        SoakKind kind = SoakKind.at(random.nextInt(100));
        return switch (kind) {
            case TEXT -> repeated(kind, "text", random, List.of());
            case REPEATED_IMAGE -> {
                int which = random.nextInt(REPEATED);
                yield repeated(kind, "image-" + which, random, List.of(repeatedImage(which)));
            }
            case SEVERAL_IMAGES -> several(random);
            case NEW_IMAGE -> once(kind, random, Optional.empty(), List.of(image(file(number + REPEATED))));
            case STORED_IMAGE -> once(kind, random, Optional.of(file(number + REPEATED)), List.of());
            case CANCELLED -> leaving(number, random);
            case SLOW_READER -> slow(random);
            case WRONG -> wrong(number, random);
        };
    }

    private SoakRequest several(Random random) {
        int which = random.nextInt(REPEATED);
        List<Image> images = new ArrayList<>();
        for (int i = 0; i < 2 + which % 3; i++) {
            images.add(repeatedImage((which + i) % REPEATED));
        }
        return repeated(SoakKind.SEVERAL_IMAGES, "images-" + which, random, images);
    }

    /** A conversation that comes again, with one of a few seeds, over any protocol. */
    private SoakRequest repeated(SoakKind kind, String about, Random random, List<Image> images) {
        int which = random.nextInt(REPEATED);
        ChatRequest chat = chat(text(which), images, ANSWER_TOKENS)
                .setSampling(sampling(which))
                .build();
        return new SoakRequest.Ask(
                kind,
                protocol(random, protocols),
                Optional.of(about + "-question-" + which),
                chat,
                Optional.empty(),
                new SoakReading.Whole());
    }

    private SoakRequest once(SoakKind kind, Random random, Optional<ByteString> stored, List<Image> images) {
        List<SoakProtocol> possible = stored.isPresent() ? List.of(SoakProtocol.GRPC) : protocols;
        ChatRequest chat = chat(text(random.nextInt()), images, ANSWER_TOKENS).build();
        return new SoakRequest.Ask(
                kind, protocol(random, possible), Optional.empty(), chat, stored, new SoakReading.Whole());
    }

    private SoakRequest leaving(long number, Random random) {
        List<Image> images = random.nextBoolean() ? List.of() : List.of(image(file(number + REPEATED)));
        SoakReading reading = new SoakReading.Leaving(random.nextInt(MOST_EVENTS_BEFORE_LEAVING));
        ChatRequest chat = chat(text(random.nextInt()), images, SLOW_TOKENS).build();
        return new SoakRequest.Ask(
                SoakKind.CANCELLED, protocol(random, streaming()), Optional.empty(), chat, Optional.empty(), reading);
    }

    private SoakRequest slow(Random random) {
        int which = random.nextInt(REPEATED);
        ChatRequest chat = chat(text(which), List.of(), SLOW_TOKENS)
                .setTopLogprobs(SLOW_LOGPROBS)
                .build();
        return new SoakRequest.Ask(
                SoakKind.SLOW_READER,
                protocol(random, streaming()),
                Optional.of("slow-question-" + which),
                chat,
                Optional.empty(),
                new SoakReading.Slowly(SLOW_PAUSE));
    }

    private SoakRequest wrong(long number, Random random) {
        List<WrongRequest> possible = java.util.Arrays.stream(WrongRequest.values())
                .filter(wrong -> protocols.contains(wrong.protocol()))
                .toList();
        return new SoakRequest.Wrong(possible.get(random.nextInt(possible.size())), number);
    }

    private List<SoakProtocol> streaming() {
        return protocols.stream().filter(each -> each != SoakProtocol.HTTP).toList();
    }

    private static SoakProtocol protocol(Random random, List<SoakProtocol> possible) {
        return possible.get(random.nextInt(possible.size()));
    }

    private static ChatRequest.Builder chat(String text, List<Image> images, int tokens) {
        return ChatRequest.newBuilder()
                .setConversation(Conversation.newBuilder().addMessages(UserMessage.of(images, text)))
                .setMaxTokens(tokens);
    }

    /** Half of the questions are answered greedily, half by a draw whose seed is part of the request. */
    private static Sampling sampling(int which) {
        return which % 2 == 0
                ? Sampling.getDefaultInstance()
                : Sampling.newBuilder()
                        .setTemperature(0.8f)
                        .setTopP(0.9f)
                        .setSeed(which)
                        .build();
    }

    private static String text(int which) {
        Random random = new Random(which);
        StringBuilder text = new StringBuilder().append(which);
        for (int i = 4 + random.nextInt(24); i > 0; i--) {
            text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
        }
        return text.toString();
    }

    private Image repeatedImage(int which) {
        return repeatedImages.computeIfAbsent(which, number -> image(file(number)));
    }

    private static Image image(ByteString file) {
        return Image.newBuilder().setData(file).build();
    }

    private static ByteString file(long number) {
        Random random = new Random(number);
        int width = LEAST_SIDE + random.nextInt(MOST_SIDE - LEAST_SIDE);
        int height = LEAST_SIDE + random.nextInt(MOST_SIDE - LEAST_SIDE);
        String format = FORMATS.get(random.nextInt(FORMATS.size()));
        return ByteString.copyFrom(MadeUpImages.file(number, width, height, format));
    }
}
