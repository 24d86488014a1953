package org.llavacluster.modelio.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.tokenizer.PreTokenizers.Word;

/** Converts text to token ids and back, by the model's own tokenizer files. Thread-safe. */
public final class Tokenizer implements AutoCloseable {

    private final TokenizerParts parts;
    private final AddedTokens raw;
    private final AddedTokens normalized;

    /** Ids that text of a user never becomes: special tokens, the image token, and ids that end an answer. */
    private final BitSet control;

    private Tokenizer(TokenizerParts parts, BitSet control) {
        this.parts = parts;
        this.control = control;
        this.raw = tokens(
                parts.added().stream().filter(token -> !token.normalized()).toList(), Normalizer.NONE);
        this.normalized = tokens(
                parts.added().stream().filter(AddedTokens.Added::normalized).toList(), parts.normalizer());
    }

    private static AddedTokens tokens(List<AddedTokens.Added> tokens, Normalizer looks) {
        return new AddedTokens(
                tokens,
                tokens.stream().map(token -> looks.apply(token.content())).toList());
    }

    /** Reads the tokenizer of a model folder from its {@code tokenizer.json}, or else its {@code tokenizer.model}. */
    public static Tokenizer load(ModelFolder folder) {
        return load(folder, Optional.empty());
    }

    /**
     * @param legacy whether a LLaMA tokenizer adds a leading space to the text after a special token, as at the start
     *     of the text; by default as in the folder's files
     * @throws ModelFormatException if there is no usable tokenizer, or it has more tokens than the model has rows
     */
    public static Tokenizer load(ModelFolder folder, Optional<Boolean> legacy) {
        Path path = folder.folder();
        TokenizerParts parts = Files.exists(path.resolve(TokenizerJson.FILE))
                ? TokenizerJson.read(path, legacy)
                : SentencePieceModel.read(path, legacy);
        int rows = folder.config().decoder().vocabulary();
        Vocabulary vocabulary = parts.vocabulary();
        if (vocabulary.size() > rows) {
            throw new ModelFormatException(vocabulary.file() + ": its tokens need " + vocabulary.size()
                    + " embedding rows, the vocab_size of config.json says " + rows);
        }
        BitSet control = (BitSet) parts.specials().clone();
        if (folder.config().imageTokenId() >= 0) {
            control.set(folder.config().imageTokenId());
        }
        folder.config().decoder().endIds().forEach(control::set);
        SpecialTokens.read(path).byName().values().stream()
                .mapToInt(vocabulary::id)
                .filter(id -> id >= 0)
                .forEach(control::set);
        return new Tokenizer(parts, control);
    }

    /**
     * Ids of a text in which special tokens are recognised, with the ids that the tokenizer adds around every text
     * (BOS).
     */
    public int[] encode(String text) {
        IdBuffer ids = new IdBuffer();
        ids.addAll(parts.prefix());
        for (Piece piece : pieces(text, NOBODY)) {
            switch (piece) {
                case Control token -> ids.add(token.id());
                case Plain plain -> ids.addAll(plain.ids());
            }
        }
        ids.addAll(parts.suffix());
        return ids.toArray();
    }

    /** Ids of a text in which special tokens are only characters; nothing is added around it. */
    public int[] encodePlain(String text) {
        IdBuffer ids = new IdBuffer();
        for (Piece piece : pieces(text, PERSON)) {
            ids.addAll(((Plain) piece).ids());
        }
        return ids.toArray();
    }

    /** A result of {@link #pieces}. */
    public sealed interface Piece {}

    /** A special token in the text. */
    public record Control(int id) implements Piece {}

    /** The ids of a text between special tokens. */
    public record Plain(int[] ids) implements Piece {}

    /** The origin of the characters of a text. */
    @FunctionalInterface
    public interface Authors {
        /** Whether any of the characters in {@code [from, to)} comes from a user. */
        boolean hasUserText(int from, int to);
    }

    private static final Authors NOBODY = (_, _) -> false;
    private static final Authors PERSON = (_, _) -> true;

    /**
     * Splits a text at its special tokens. A token with a character from a user is not special: it becomes the ids of
     * its characters.
     *
     * @param authors origin of the text's characters
     */
    public List<Piece> pieces(String text, Authors authors) {
        return pieces(Utf8.wellFormed(text), true, authors);
    }

    private List<Piece> pieces(String text, boolean start, Authors authors) {
        List<Piece> pieces = new ArrayList<>();
        raw.split(text, start, wanted(authors), new AddedTokens.Parts() {
            @Override
            public void text(String part, int at, boolean first) {
                addText(part, first, (from, to) -> authors.hasUserText(at + from, at + to), pieces);
            }

            @Override
            public void token(int id) {
                pieces.add(piece(id));
            }
        });
        return pieces;
    }

    private AddedTokens.Wanted wanted(Authors authors) {
        return (id, start, end) -> !control.get(id) || !authors.hasUserText(start, end);
    }

    private Piece piece(int addedToken) {
        return control.get(addedToken) ? new Control(addedToken) : new Plain(new int[] {addedToken});
    }

    private void addText(String part, boolean start, Authors authors, List<Piece> pieces) {
        Authors afterNormalizing = authors.hasUserText(0, part.length()) ? normalized(part, authors) : NOBODY;
        normalized.split(parts.normalizer().apply(part), start, wanted(afterNormalizing), new AddedTokens.Parts() {
            @Override
            public void text(String text, int at, boolean first) {
                IdBuffer ids = new IdBuffer();
                addWords(text, first, ids);
                pieces.add(new Plain(ids.toArray()));
            }

            @Override
            public void token(int id) {
                pieces.add(piece(id));
            }
        });
    }

    /**
     * The origin of the characters of the normalised text, computed only if a special token occurs in it, which is
     * rare.
     */
    private Authors normalized(String part, Authors authors) {
        BitSet[] userText = {null};
        return (from, to) -> {
            if (userText[0] == null) {
                BitSet before = new BitSet(part.length());
                for (int at = 0; at < part.length(); at++) {
                    before.set(at, authors.hasUserText(at, at + 1));
                }
                userText[0] = parts.normalizer().userText(part, before);
            }
            int user = userText[0].nextSetBit(from);
            return user >= 0 && user < to;
        };
    }

    private void addWords(String text, boolean first, IdBuffer ids) {
        List<Word> words = new ArrayList<>();
        parts.preTokenizer().split(new Word(text, first), words);
        words.forEach(word -> parts.model().encode(word.text(), ids));
    }

    /** The text of these ids. Special tokens and ids that are not tokens are left out. */
    public String decode(int[] ids) {
        Decoding decoding = decoding();
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoding.add(id));
        }
        return text.append(decoding.finish()).toString();
    }

    /** Starts a decoding of ids that arrive one by one. */
    public Decoding decoding() {
        return parts.decoder().start();
    }

    /** The bytes of one token without its neighbours; none if the id is not a token. */
    public byte[] bytesOf(int id) {
        return parts.decoder().bytesOf(id);
    }

    /** One more than the largest id. */
    public int size() {
        return parts.vocabulary().size();
    }

    /** The token's id, or -1. */
    public int idOf(String token) {
        return parts.vocabulary().id(token);
    }

    /** The special tokens as text, which must not be recognised in text of a user. */
    public TreeSet<String> controlTokens() {
        TreeSet<String> tokens = new TreeSet<>();
        control.stream()
                .mapToObj(parts.vocabulary()::token)
                .filter(token -> token != null && !token.isEmpty())
                .forEach(tokens::add);
        return tokens;
    }

    /** Ids before every text: BOS, or none. A new array. */
    public int[] prefix() {
        return parts.prefix().clone();
    }

    /** Ids after every text. A new array. */
    public int[] suffix() {
        return parts.suffix().clone();
    }

    @Override
    public void close() {}
}
