package org.llavacluster.text.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.llavacluster.text.config.ModelFolder;
import org.llavacluster.text.config.ModelFormatException;
import org.llavacluster.text.tokenizer.PreTokenizers.Word;

/** Text to token ids and back, as the model's own tokenizer files say. Safe for use by several threads. */
public final class Tokenizer implements AutoCloseable {

    private final TokenizerParts parts;
    private final AddedTokens raw;
    private final AddedTokens normalized;

    /** Ids that a text of a person never becomes: special tokens, the image token, and those that end an answer. */
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

    /** Reads the tokenizer of a model folder as its {@code tokenizer.json} says, or else its {@code tokenizer.model}. */
    public static Tokenizer load(ModelFolder folder) {
        return load(folder, Optional.empty());
    }

    /**
     * @param legacy overrides how a LLaMA tokenizer treats the text after a special token: with {@code true} it gets a leading space
     *     like the start of the text, with {@code false} it does not. Absent means what the folder's files say
     * @throws ModelFormatException where there is no tokenizer that can be used, or it has more tokens than the model has rows
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

    /** Ids of a text in which special tokens mean what they say, with what the tokenizer puts around every text (BOS). */
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

    /** Ids of a text in which special tokens are only characters; nothing is put around it. */
    public int[] encodePlain(String text) {
        IdBuffer ids = new IdBuffer();
        for (Piece piece : pieces(text, PERSON)) {
            ids.addAll(((Plain) piece).ids());
        }
        return ids.toArray();
    }

    /** What {@link #pieces} finds. */
    public sealed interface Piece {}

    /** A special token that the text named. */
    public record Control(int id) implements Piece {}

    /** The ids of a text between special tokens. */
    public record Plain(int[] ids) implements Piece {}

    /** Who wrote the characters of a text. */
    @FunctionalInterface
    public interface Authors {
        /** Whether a person wrote any of the characters from one position to before another. */
        boolean hasPersons(int from, int to);
    }

    private static final Authors NOBODY = (_, _) -> false;
    private static final Authors PERSON = (_, _) -> true;

    /**
     * Splits a text at its special tokens. What holds a character of a person is none: it becomes the ids of its characters.
     *
     * @param authors of the text
     */
    public List<Piece> pieces(String text, Authors authors) {
        return pieces(Utf8.wellFormed(text), true, authors);
    }

    private List<Piece> pieces(String text, boolean start, Authors authors) {
        List<Piece> pieces = new ArrayList<>();
        raw.split(text, start, wanted(authors), new AddedTokens.Parts() {
            @Override
            public void text(String part, int at, boolean first) {
                addText(part, first, (from, to) -> authors.hasPersons(at + from, at + to), pieces);
            }

            @Override
            public void token(int id) {
                pieces.add(piece(id));
            }
        });
        return pieces;
    }

    private AddedTokens.Wanted wanted(Authors authors) {
        return (id, start, end) -> !control.get(id) || !authors.hasPersons(start, end);
    }

    private Piece piece(int addedToken) {
        return control.get(addedToken) ? new Control(addedToken) : new Plain(new int[] {addedToken});
    }

    private void addText(String part, boolean start, Authors authors, List<Piece> pieces) {
        Authors afterNormalizing = authors.hasPersons(0, part.length()) ? normalized(part, authors) : NOBODY;
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

    /** Who wrote the characters of the normalised text: found out once a special token turns up in it, which is rare. */
    private Authors normalized(String part, Authors authors) {
        BitSet[] persons = {null};
        return (from, to) -> {
            if (persons[0] == null) {
                BitSet before = new BitSet(part.length());
                for (int at = 0; at < part.length(); at++) {
                    before.set(at, authors.hasPersons(at, at + 1));
                }
                persons[0] = parts.normalizer().persons(part, before);
            }
            int person = persons[0].nextSetBit(from);
            return person >= 0 && person < to;
        };
    }

    private void addWords(String text, boolean first, IdBuffer ids) {
        List<Word> words = new ArrayList<>();
        parts.preTokenizer().split(new Word(text, first), words);
        words.forEach(word -> parts.model().encode(word.text(), ids));
    }

    /** The text of these ids; special tokens are left out, and so are ids that are no token. */
    public String decode(int[] ids) {
        Decoding decoding = decoding();
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoding.add(id));
        }
        return text.append(decoding.finish()).toString();
    }

    /** A fresh decoding of ids that arrive one by one. */
    public Decoding decoding() {
        return parts.decoder().start();
    }

    /** The bytes of one token alone, no neighbour considered; none where the id is no token. */
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

    /** The special tokens as text: what must not be read as such where a person typed it. */
    public TreeSet<String> controlTokens() {
        TreeSet<String> tokens = new TreeSet<>();
        control.stream()
                .mapToObj(parts.vocabulary()::token)
                .filter(token -> token != null && !token.isEmpty())
                .forEach(tokens::add);
        return tokens;
    }

    /** Ids that come before every text: BOS, or none. A new array. */
    public int[] prefix() {
        return parts.prefix().clone();
    }

    /** Ids that come after every text. A new array. */
    public int[] suffix() {
        return parts.suffix().clone();
    }

    @Override
    public void close() {}
}
