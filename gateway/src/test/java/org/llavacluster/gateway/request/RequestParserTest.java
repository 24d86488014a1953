package org.llavacluster.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.fetch.ImageFetcher;
import org.llavacluster.gateway.fetch.ImageHosts;
import org.llavacluster.gateway.image.ImageIntake;
import org.llavacluster.gateway.image.ImageStore;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.modelio.prompt.Prompt;
import org.llavacluster.modelio.prompt.PromptEncoder;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.time.SettableClock;

/**
 * Holds the limits {@code GatewayProperties.MAX_IMAGES}, {@code GatewayProperties.MAX_IMAGE_BYTES}, {@code
 * GatewayProperties.MAX_IMAGE_PIXELS}, {@code GatewayProperties.MAX_MESSAGES}, {@code
 * GatewayProperties.MAX_TEXT_BYTES}, {@code GatewayProperties.DEFAULT_MAX_TOKENS}, {@code FixedLimits.PRIORITY},
 * {@code FixedLimits.REQUEST_PIXELS}, {@code FixedLimits.STOP_STRINGS}, {@code FixedLimits.STOP_CHARACTERS}, {@code
 * FixedLimits.TOP_LOGPROBS}, {@code FixedLimits.TEMPERATURE}, {@code FixedLimits.REPETITION_PENALTY}, {@code
 * FixedLimits.PENALTY}, {@code FixedLimits.LOGIT_BIAS}, {@code FixedLimits.LOGIT_BIASES}, {@code
 * FixedLimits.STOP_TOKEN_IDS} and {@code FixedLimits.CHOICES}.
 */
class RequestParserTest {

    private static final RequestLimits LIMITS = new RequestLimits(
            3,
            new ImageLimits(200_000, 1_000_000, 65_535),
            4,
            1000,
            2,
            5,
            7,
            16,
            Duration.ofMinutes(1),
            Duration.ofMinutes(2));

    private static final int CONTEXT = 200;

    /** Rows of every image in the 1.5 fixture. */
    private static final int ROWS = 36;

    private static final ModelFolder FOLDER =
            ModelFolder.open(GatewayRig.fixtures().resolve("llava-1.5-tiny"), Optional.empty());
    private static final Tokenizer TOKENIZER = Tokenizer.load(FOLDER);

    private static final ImageFetcher NO_FETCHER = ImageFetcher.of(ImageHosts.NONE, 1, new ByteBudget(1, 1));

    private final ImageStore store = new ImageStore(1 << 20, Duration.ofMinutes(1), new SettableClock());
    private final RequestParser parser = new RequestParser(
            LIMITS,
            FOLDER.config(),
            PromptEncoder.of(FOLDER, TOKENIZER, Optional.empty()),
            new ImageIntake(LIMITS.image(), new ImageLayouts(FOLDER.config()), Preprocess.NATURAL, store, NO_FETCHER),
            () -> CONTEXT,
            () -> 42,
            new PromptFailureLog(new SettableClock()));

    private static ChatDraft.Message user(ChatDraft.Part... parts) {
        return new ChatDraft.Message(ChatDraft.Role.USER, List.of(parts));
    }

    private static ChatDraft.Text text(String text) {
        return new ChatDraft.Text(text);
    }

    private static ChatDraft.Image imageOf(ByteString file) {
        return new ChatDraft.Image("messages[0].parts[1].image", new ChatDraft.Inline(file));
    }

    private static ByteString file(String name) {
        try {
            return ByteString.copyFrom(
                    Files.readAllBytes(GatewayRig.fixtures().resolve("images").resolve(name)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ChatDraft draft(ChatDraft.Message... messages) {
        return draft(new ChatDraft.Conversation(List.of(messages)));
    }

    private static ChatDraft draft(ChatDraft.Input input) {
        return new ChatDraft(
                "",
                input,
                ChatDraft.Sampling.ABSENT,
                ChatDraft.Ending.ABSENT,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    private static ChatDraft sampling(String field, double value) {
        return sampling(Map.of(field, value));
    }

    private static ChatDraft sampling(Map<String, Double> values) {
        Function<String, OptionalDouble> number =
                field -> values.containsKey(field) ? OptionalDouble.of(values.get(field)) : OptionalDouble.empty();
        return draftWith(new ChatDraft.Sampling(
                number.apply("temperature"),
                number.apply("top_p"),
                values.containsKey("top_k")
                        ? OptionalLong.of(values.get("top_k").longValue())
                        : OptionalLong.empty(),
                number.apply("min_p"),
                number.apply("repetition_penalty"),
                number.apply("presence_penalty"),
                number.apply("frequency_penalty"),
                Map.of(),
                Optional.empty()));
    }

    private static ChatDraft biased(Map<Long, Double> biases) {
        ChatDraft.Sampling none = ChatDraft.Sampling.ABSENT;
        return draftWith(new ChatDraft.Sampling(
                none.temperature(),
                none.topP(),
                none.topK(),
                none.minP(),
                none.repetitionPenalty(),
                none.presencePenalty(),
                none.frequencyPenalty(),
                biases,
                none.seed()));
    }

    private static ChatDraft draftWith(ChatDraft.Sampling sampling) {
        ChatDraft plain = draft(user(text("hi")));
        return new ChatDraft(
                plain.model(),
                plain.input(),
                sampling,
                plain.ending(),
                plain.topLogprobs(),
                plain.choices(),
                plain.priority());
    }

    private static ChatDraft ending(ChatDraft draft, ChatDraft.Ending ending) {
        return new ChatDraft(
                draft.model(),
                draft.input(),
                draft.sampling(),
                ending,
                draft.topLogprobs(),
                draft.choices(),
                draft.priority());
    }

    private static ChatDraft maxTokens(ChatDraft draft, long maxTokens) {
        return ending(
                draft,
                new ChatDraft.Ending(OptionalLong.of(maxTokens), List.of(), List.of(), false, OptionalLong.empty()));
    }

    private static ChatDraft stops(String... stops) {
        return ending(
                draft(user(text("hi"))),
                new ChatDraft.Ending(OptionalLong.empty(), List.of(stops), List.of(), false, OptionalLong.empty()));
    }

    private static ChatDraft stopIds(boolean ignoreEnds, Long... ids) {
        return ending(
                draft(user(text("hi"))),
                new ChatDraft.Ending(OptionalLong.empty(), List.of(), List.of(ids), ignoreEnds, OptionalLong.empty()));
    }

    private static ChatDraft minTokens(long minTokens) {
        return ending(
                draft(user(text("hi"))),
                new ChatDraft.Ending(OptionalLong.empty(), List.of(), List.of(), false, OptionalLong.of(minTokens)));
    }

    private static ChatDraft topLogprobs(long count) {
        ChatDraft plain = draft(user(text("hi")));
        return new ChatDraft(
                plain.model(),
                plain.input(),
                plain.sampling(),
                plain.ending(),
                OptionalLong.of(count),
                plain.choices(),
                plain.priority());
    }

    private static ChatDraft choices(long n) {
        ChatDraft plain = draft(user(text("hi")));
        return new ChatDraft(
                plain.model(),
                plain.input(),
                plain.sampling(),
                plain.ending(),
                plain.topLogprobs(),
                OptionalLong.of(n),
                plain.priority());
    }

    private static ChatDraft model(String name) {
        ChatDraft plain = draft(user(text("hi")));
        return new ChatDraft(
                name,
                plain.input(),
                plain.sampling(),
                plain.ending(),
                plain.topLogprobs(),
                plain.choices(),
                plain.priority());
    }

    private ValidRequest parse(ChatDraft draft) {
        return parser.parse("", draft);
    }

    private Failure refused(ChatDraft draft) {
        FailureException refused = catchThrowableOfType(FailureException.class, () -> parse(draft));
        assertThat(refused).as("accepted").isNotNull();
        return refused.failure();
    }

    private static Failure.Invalid invalid(String field, String message) {
        return new Failure.Invalid(field, message);
    }

    @Test
    void shouldTakePrioritiesUpToTheLimit() {
        ChatDraft plain = draft(user(text("hi")));
        assertThat(parse(plain).priority()).isZero();
        for (long priority : new long[] {-100, 7, 100}) {
            assertThat(parse(plain.withPriority(OptionalLong.of(priority))).priority())
                    .isEqualTo((int) priority);
        }
        for (long priority : new long[] {-101, 101, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThat(refused(plain.withPriority(OptionalLong.of(priority))))
                    .isEqualTo(invalid("priority", "priority must be from -100 to 100, given " + priority));
        }
    }

    @Test
    void shouldFillInWhatIsAbsent() {
        ValidRequest request = parse(draft(user(text("hi"))));
        assertThat(request.sampling()).isEqualTo(new SamplingSettings(0, 1, 0, 0, 1, 0, 0, Map.of(), 42));
        assertThat(request.ending().maxTokens()).isEqualTo(16);
        assertThat(request.topLogprobs()).isEmpty();
        assertThat(request.choices()).isEqualTo(1);
        assertThat(request.ending().ids())
                .containsExactlyInAnyOrderElementsOf(FOLDER.config().decoder().endIds());
    }

    @Test
    void shouldCountImageTokensFromTheHeader() {
        ValidRequest without = parse(draft(user(text("hi"))));
        ValidRequest with = parse(draft(user(text("hi"), imageOf(file("scene.png")))));
        assertThat(with.imageTokens()).isEqualTo(ROWS);
        assertThat(with.promptTokens()).isGreaterThan(without.promptTokens() + ROWS);
        assertThat(with.images()).hasSize(1);
    }

    @Test
    void shouldTurnAImageAsItsOrientationSays() {
        var image = parse(draft(user(text("hi"), imageOf(file("exif-6.png")))))
                .images()
                .getFirst()
                .stored();
        var upright = parse(draft(user(text("hi"), imageOf(file("exif-1.png")))))
                .images()
                .getFirst()
                .stored();
        assertThat(image.width()).isEqualTo(upright.height());
        assertThat(image.height()).isEqualTo(upright.width());
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, 0",
        "temperature, 2",
        "temperature, 1e-45",
        "temperature, 0.7",
        "top_p, 1",
        "top_p, 0",
        "top_k, -1",
        "top_p, 1e-45",
        "top_p, 0.5",
        "top_k, 0",
        "top_k, 2147483647",
        "min_p, 0",
        "min_p, 1",
        "repetition_penalty, 100",
        "repetition_penalty, 0.1",
        "presence_penalty, -2",
        "presence_penalty, 2",
        "frequency_penalty, -2",
        "frequency_penalty, 2"
    })
    void shouldTakeSamplingInItsRange(String field, double value) {
        assertThat(parse(sampling(field, value)).ending().maxTokens()).isEqualTo(16);
    }

    @Test
    void shouldTakeATemperatureTooSmallToDivideByAsGreedy() {
        assertThat(parse(sampling("temperature", 1e-45)).sampling().temperature())
                .isZero();
        assertThat(parse(sampling("temperature", 1e-4)).sampling().temperature())
                .isEqualTo(1e-4f);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.0, 1e-60})
    void shouldTakeATopPOfNothingAsGreedy(double topP) {
        ChatDraft draft = sampling(Map.of("temperature", 1.0, "top_p", topP));
        assertThat(parse(draft).sampling().temperature()).isZero();
    }

    @Test
    void shouldTakeATopKOfMinusOneAsAll() {
        assertThat(parse(sampling("top_k", -1)).sampling().topK()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "temperature, -0.1",
        "temperature, 2.0001",
        "temperature, NaN",
        "temperature, Infinity",
        "temperature, -Infinity",
        "top_p, 1.0001",
        "top_p, NaN",
        "top_p, -1",
        "top_k, -2",
        "top_k, 2147483648",
        "min_p, -0.1",
        "min_p, 1.1",
        "min_p, NaN",
        "repetition_penalty, 0",
        "repetition_penalty, -1",
        "repetition_penalty, Infinity",
        "repetition_penalty, 101",
        "repetition_penalty, NaN",
        "presence_penalty, 2.0001",
        "presence_penalty, NaN",
        "frequency_penalty, -2.0001",
        "frequency_penalty, Infinity"
    })
    void shouldRefuseSamplingOutOfItsRange(String field, double value) {
        assertThat(refused(sampling(field, value))).isInstanceOfSatisfying(Failure.Invalid.class, failure -> {
            assertThat(failure.field()).isEqualTo(field);
            assertThat(failure.message()).startsWith(field + " must be ").contains(", given ");
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Integer.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, 2_147_483_648L})
    void shouldRefuseMaxTokensThatNoContextHolds(long maxTokens) {
        assertThat(refused(maxTokens(draft(user(text("hi"))), maxTokens)))
                .isEqualTo(invalid(
                        "max_tokens", "max_tokens must be from 1 to what the context holds, given " + maxTokens));
    }

    @Test
    void shouldTakeWhatTheContextHoldsAndNotOneMore() {
        ChatDraft draft = draft(user(text("hi"), imageOf(file("scene.png"))));
        int prompt = parse(draft).promptTokens();
        int room = CONTEXT - prompt;
        assertThat(parse(maxTokens(draft, room)).ending().maxTokens()).isEqualTo(room);
        assertThat(refused(maxTokens(draft, room + 1)))
                .isEqualTo(new Failure.ContextExceeded(
                        "max_tokens",
                        "max_tokens: this model's maximum context length is " + CONTEXT + " tokens; the prompt has "
                                + prompt + " tokens, " + ROWS + " of them of images, and max_tokens is "
                                + (room + 1)));
        assertThat(refused(maxTokens(draft, CONTEXT - 1))).isInstanceOf(Failure.ContextExceeded.class);
        assertThat(refused(maxTokens(draft, CONTEXT)))
                .isEqualTo(invalid("max_tokens", "max_tokens must be less than the context of 200 tokens, given 200"));
        assertThat(refused(maxTokens(draft, Integer.MAX_VALUE))).isInstanceOf(Failure.Invalid.class);
    }

    @Test
    void shouldRefuseAPromptThatLeavesNoRoom() {
        assertThat(refused(draft(user(text("word ".repeat(CONTEXT))))))
                .isInstanceOfSatisfying(Failure.ContextExceeded.class, failure -> {
                    assertThat(failure.field()).isEqualTo("messages");
                    assertThat(failure.message())
                            .startsWith("messages: this model's maximum context length is " + CONTEXT + " tokens; ")
                            .endsWith(", so the prompt is too long");
                });
        assertThat(refused(draft(new ChatDraft.Raw("word ".repeat(CONTEXT), List.of()))))
                .isInstanceOfSatisfying(Failure.ContextExceeded.class, failure -> assertThat(failure.field())
                        .isEqualTo("raw.text"));
    }

    @Test
    void shouldTakeAsManyMessagesAsMayBeAndNotOneMore() {
        ChatDraft.Message message = user(text("hi"));
        parse(draft(new ChatDraft.Conversation(Collections.nCopies(4, message))));
        assertThat(refused(draft(new ChatDraft.Conversation(Collections.nCopies(5, message)))))
                .isEqualTo(invalid("messages", "messages may hold at most 4 messages, given 5"));
        assertThat(refused(draft(new ChatDraft.Conversation(Collections.nCopies(10_000, message)))))
                .isInstanceOf(Failure.Invalid.class);
        assertThat(refused(draft(new ChatDraft.Conversation(List.of()))))
                .isEqualTo(invalid("messages", "messages must not be empty"));
    }

    @Test
    void shouldTakeAsMuchTextAsMayBeAndNotAByteMore() {
        // 1000 bytes are more tokens than the context holds, so the next check refuses them.
        assertThat(refused(draft(user(text("é".repeat(500)))))).isInstanceOf(Failure.ContextExceeded.class);
        assertThat(refused(draft(user(text("é".repeat(500)), text("x")))))
                .isEqualTo(invalid("messages", "messages may hold at most 1000 bytes of text, given 1001"));
        assertThat(refused(draft(new ChatDraft.Raw("x".repeat(1001), List.of()))))
                .isEqualTo(invalid("raw.text", "raw.text may hold at most 1000 bytes of text, given 1001"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n\t ",
                "\u0000\u0001",
                "\u200b\u2060",
                "\u00a0\u3000",
                // Assigned by Unicode 17, unassigned for long, and never a character.
                "\ud83e\udec8",
                "\ud83f\udffd",
                "\uffff",
            })
    void shouldTakeATextThatNobodySeesAsAnyOther(String blank) {
        for (ChatDraft.Role role : ChatDraft.Role.values()) {
            ChatDraft.Message message = new ChatDraft.Message(role, List.of(text(blank)));
            assertThat(parse(draft(message, user(text("hi")))).promptTokens()).isPositive();
        }
        assertThat(parse(draft(user(text(blank)))).promptTokens()).isPositive();
        assertThat(parse(draft(new ChatDraft.Raw(blank, List.of()))).promptTokens())
                .isPositive();
    }

    @Test
    void shouldTakeAMessageWithoutParts() {
        assertThat(parse(draft(user())).promptTokens()).isPositive();
        assertThat(parse(draft(user(), user(text("go on")))).promptTokens()).isPositive();
    }

    /** Header of a BMP of 8192 x 8192 pixels, which is never decoded. */
    private static ByteString largest(int number) {
        ByteBuffer bmp = ByteBuffer.allocate(54).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put((byte) 'B')
                .put((byte) 'M')
                .putInt(14, 40)
                .putInt(18, 8192)
                .putInt(22, 8192)
                .putInt(50, number);
        return ByteString.copyFrom(bmp.array());
    }

    @Test
    void shouldBoundThePixelsOfAllImagesOfARequest() {
        RequestParser largeImages = new RequestParser(
                RequestLimits.DEFAULTS,
                FOLDER.config(),
                PromptEncoder.of(FOLDER, TOKENIZER, Optional.empty()),
                new ImageIntake(
                        ImageLimits.DEFAULT, new ImageLayouts(FOLDER.config()), Preprocess.NATURAL, store, NO_FETCHER),
                () -> 4096,
                () -> 42,
                new PromptFailureLog(new SettableClock()));
        List<ChatDraft.Part> four =
                List.of(imageOf(largest(1)), imageOf(largest(2)), imageOf(largest(3)), imageOf(largest(4)));
        ChatDraft.Part[] five =
                Stream.concat(four.stream(), Stream.of(imageOf(largest(5)))).toArray(ChatDraft.Part[]::new);

        assertThat(largeImages
                        .parse("", draft(user(four.toArray(ChatDraft.Part[]::new))))
                        .images())
                .hasSize(4);
        assertThatThrownBy(() -> largeImages.parse("", draft(user(five))))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("may hold at most 268435456 pixels of all images, given 335544320");
    }

    @Test
    void shouldTakeAnImageWithoutText() {
        assertThat(parse(draft(user(imageOf(file("scene.png"))))).imageTokens()).isEqualTo(ROWS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00b", "\ud83e\ud83e"})
    void shouldRefuseALoneSurrogate(String text) {
        assertThat(refused(draft(user(text(text)))))
                .isInstanceOfSatisfying(Failure.Invalid.class, failure -> assertThat(failure.field())
                        .isEqualTo("messages[0]"));
    }

    @Test
    void shouldTakeImageTagsAndSpecialTokensInTextAsText() {
        ValidRequest request = parse(draft(user(text("<image> </s> <s>"))));
        assertThat(request.images()).isEmpty();
        int imageId = FOLDER.config().imageTokenId();
        List<Integer> ids = ids(request);
        assertThat(ids).doesNotContain(imageId);
        assertThat(ids.subList(1, ids.size())).doesNotContain(1, 2);
    }

    private static List<Integer> ids(ValidRequest request) {
        List<Integer> ids = new ArrayList<>();
        for (Prompt.Segment segment : request.prompt().segments()) {
            if (segment instanceof Prompt.Tokens(int[] tokens)) {
                Arrays.stream(tokens).forEach(ids::add);
            }
        }
        return ids;
    }

    @Test
    void shouldTakeAsManyStopsAsMayBeAndNotOneMore() {
        assertThat(parse(stops("12345", "🦙🦙🦙🦙🦙")).ending().stops()).containsExactly("12345", "🦙🦙🦙🦙🦙");
        assertThat(refused(stops("1", "2", "3")))
                .isEqualTo(invalid("stop", "stop may hold at most 2 strings, given 3"));
        assertThat(refused(stops("1", "🦙🦙🦙🦙🦙🦙")))
                .isEqualTo(invalid("stop[1]", "stop[1] may hold at most 5 characters, given 6"));
        assertThat(refused(stops(""))).isEqualTo(invalid("stop[0]", "stop[0] must not be empty"));
    }

    @Test
    void shouldTakeAsManyAlternativesAsMayBeAndNotOneMore() {
        assertThat(parse(topLogprobs(7)).topLogprobs()).hasValue(7);
        assertThat(parse(topLogprobs(0)).topLogprobs()).hasValue(0);
        for (long count : new long[] {-1, 8, 1_000_000, Long.MAX_VALUE}) {
            assertThat(refused(topLogprobs(count)))
                    .isEqualTo(invalid("top_logprobs", "top_logprobs must be from 0 to 7, given " + count));
        }
    }

    @Test
    void shouldTakeAsManyChoicesAsMayBeAndNotOneMore() {
        assertThat(parse(choices(8)).choices()).isEqualTo(8);
        for (long n : new long[] {0, -1, 9, Long.MAX_VALUE}) {
            assertThat(refused(choices(n))).isEqualTo(invalid("n", "n must be from 1 to 8, given " + n));
        }
    }

    @Test
    void shouldTakeBiasesOfTheVocabularyWithinTheirRange() {
        int last = FOLDER.config().decoder().vocabulary() - 1;
        assertThat(parse(biased(Map.of(0L, -100.0, (long) last, 100.0)))
                        .sampling()
                        .logitBias())
                .isEqualTo(Map.of(0, -100f, last, 100f));
        assertThat(refused(biased(Map.of(last + 1L, 1.0))))
                .isEqualTo(invalid(
                        "logit_bias",
                        "logit_bias must hold ids of the vocabulary, from 0 to " + last + ", given " + (last + 1)));
        assertThat(refused(biased(Map.of(5L, 100.5))))
                .isEqualTo(invalid("logit_bias.5", "logit_bias.5 must be from -100.0 to 100.0, given 100.5"));
        assertThat(refused(biased(Map.of(5L, Double.NaN)))).isInstanceOf(Failure.Invalid.class);
    }

    @Test
    void shouldAddStopIdsToTheModelsOwnEndsOrReplaceThem() {
        Set<Integer> own = Set.copyOf(FOLDER.config().decoder().endIds());
        assertThat(parse(stopIds(false, 300L)).ending().ids())
                .containsAll(own)
                .contains(300)
                .hasSize(own.size() + 1);
        assertThat(parse(stopIds(true, 300L)).ending().ids()).containsExactly(300);
        assertThat(parse(stopIds(true)).ending().ids()).isEmpty();
        assertThat(((Failure.Invalid) refused(stopIds(false, 300L, -1L))).field())
                .isEqualTo("stop_token_ids[1]");
        assertThat(refused(stopIds(false, Collections.nCopies(257, 300L).toArray(Long[]::new))))
                .isEqualTo(invalid("stop_token_ids", "stop_token_ids may hold at most 256 ids, given 257"));
    }

    @Test
    void shouldTakeNoMoreMinTokensThanTheAnswerMayHave() {
        assertThat(parse(minTokens(0)).ending().minTokens()).isZero();
        assertThat(parse(minTokens(16)).ending().minTokens()).isEqualTo(16);
        assertThat(refused(minTokens(17)))
                .isEqualTo(invalid(
                        "min_tokens", "min_tokens must be from 0 to the 16 tokens that the answer may have, given 17"));
        assertThat(((Failure.Invalid) refused(minTokens(-1))).field()).isEqualTo("min_tokens");
    }

    @Test
    void shouldTakeAsManyImagesAsMayBeAndNotOneMore() {
        ChatDraft.Image image = imageOf(file("scene.png"));
        assertThat(parse(draft(user(image, image, image))).images()).hasSize(3);
        assertThat(refused(draft(user(image, image, image, image))))
                .isEqualTo(invalid("messages", "messages may hold at most 3 images, given 4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not an image", "%PDF-1.4", "<svg xmlns='http://www.w3.org/2000/svg'/>"})
    void shouldRefuseWhatIsNoImageByItsField(String content) {
        assertThat(refused(draft(user(text("hi"), imageOf(ByteString.copyFromUtf8(content))))))
                .isInstanceOfSatisfying(Failure.Invalid.class, failure -> {
                    assertThat(failure.field()).isEqualTo("messages[0].parts[1].image");
                    assertThat(failure.message()).doesNotContain(content.isEmpty() ? "\0" : content);
                });
    }

    @Test
    void shouldRefuseImagesBeyondTheirLimits() {
        assertThat(refused(draft(user(text("hi"), imageOf(ByteString.copyFrom(new byte[200_001]))))))
                .isEqualTo(invalid(
                        "messages[0].parts[1].image",
                        "messages[0].parts[1].image: image bytes is 200001, the limit is 200000"));
        // A one-bit PNG of 50,000 x 50,000 pixels in 46 bytes.
        byte[] png = java.util.HexFormat.of()
                .parseHex("89504e470d0a1a0a0000000d494844520000c3500000c350010000000063d40067" + "000000014944415400"
                        + "00000000");
        assertThat(refused(draft(user(text("hi"), imageOf(ByteString.copyFrom(png))))))
                .isEqualTo(invalid(
                        "messages[0].parts[1].image",
                        "messages[0].parts[1].image: image pixels is 2500000000, the limit is 1000000"));
    }

    @Test
    void shouldFindAnImageSentBeforeByItsId() {
        ValidRequest first = parse(draft(user(text("hi"), imageOf(file("scene.png")))));
        ByteString id = first.images().getFirst().stored().id().digest();
        ChatDraft.Image stored = new ChatDraft.Image("image", new ChatDraft.Stored(id));
        assertThat(parse(draft(user(text("hi"), stored))).images().getFirst().stored())
                .isEqualTo(first.images().getFirst().stored());
    }

    @Test
    void shouldAskForAnImageAgainThatIsNotHere() {
        ByteString id = ByteString.copyFrom(new byte[32]);
        assertThat(refused(draft(user(new ChatDraft.Image("image", new ChatDraft.Stored(id))))))
                .isEqualTo(new Failure.Precondition("image: the image is not here any more; send the image again"));
        ByteString cut = ByteString.copyFrom(new byte[31]);
        assertThat(refused(draft(user(new ChatDraft.Image("image", new ChatDraft.Stored(cut))))))
                .isEqualTo(invalid("image", "image: an image id has 32 bytes, given 31"));
    }

    @Test
    void shouldMatchTagsAndImagesOfARawPrompt() {
        ChatDraft.Image image = imageOf(file("scene.png"));
        ValidRequest request = parse(draft(new ChatDraft.Raw("USER: <image>\nWhat? ASSISTANT:", List.of(image))));
        assertThat(request.imageTokens()).isEqualTo(ROWS);
        assertThat(refused(draft(new ChatDraft.Raw("USER: <image>\nWhat? ASSISTANT:", List.of()))))
                .isEqualTo(invalid(
                        "raw.images", "raw.images must be as many as the text has image tags: 1 tags, 0 images"));
        assertThat(refused(draft(new ChatDraft.Raw("USER: What? ASSISTANT:", List.of(image)))))
                .isEqualTo(invalid(
                        "raw.images", "raw.images must be as many as the text has image tags: 0 tags, 1 images"));
    }

    @Test
    void shouldServeOnlyItsOwnModel() {
        assertThat(parse(model("llava-1.5-tiny")).choices()).isEqualTo(1);
        assertThat(refused(model("gpt-4o")))
                .isEqualTo(new Failure.UnknownModel(
                        "model: no model of that name is served here, the only one is llava-1.5-tiny"));
    }

    @Test
    void shouldFetchNothingUnlessHostsAreAllowed() {
        ChatDraft.Image remote = new ChatDraft.Image(
                "messages[0].content[0].image_url",
                new ChatDraft.Remote("messages[0].content[0].image_url.url", "https://169.254.169.254/latest"));
        FailureException e = catchThrowableOfType(
                FailureException.class,
                () -> parser.encode("", "", new ChatDraft.Conversation(List.of(user(text("What?"), remote)))));
        assertThat(e.failure())
                .isEqualTo(new Failure.Invalid(
                        "messages[0].content[0].image_url.url",
                        "messages[0].content[0].image_url.url must be a data URL: images are not fetched"
                                + " from elsewhere"));
    }
}
