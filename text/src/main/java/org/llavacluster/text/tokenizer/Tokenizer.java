package org.llavacluster.text.tokenizer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
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
                parts.added().stream().filter(token -> !token.normalized()).toList(), UnaryOperator.identity());
        this.normalized = tokens(
                parts.added().stream().filter(AddedTokens.Added::normalized).toList(), parts.normalizer());
    }

    private static AddedTokens tokens(List<AddedTokens.Added> tokens, UnaryOperator<String> looks) {
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
        for (Piece piece : pieces(Utf8.wellFormed(text), UnaryOperator.identity())) {
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
        return encodePlain(text, true);
    }

    /** What {@link #pieces} finds. */
    public sealed interface Piece {}

    /** A special token that the text named. */
    public record Control(int id) implements Piece {}

    /** The ids of a text between special tokens. */
    public record Plain(int[] ids) implements Piece {}

    /**
     * Splits a text at its special tokens. Characters that stand in for others, so that no special token is seen where a person
     * typed one, are turned back before the text between the tokens becomes ids.
     *
     * @param restore puts the characters back
     */
    public List<Piece> pieces(String text, UnaryOperator<String> restore) {
        List<Piece> pieces = new ArrayList<>();
        raw.split(text, true, _ -> true, new AddedTokens.Parts() {
            @Override
            public void text(String part, boolean first) {
                addText(part, first, restore, pieces);
            }

            @Override
            public void token(int id) {
                pieces.add(piece(id));
            }
        });
        return pieces;
    }

    private Piece piece(int addedToken) {
        return control.get(addedToken) ? new Control(addedToken) : new Plain(new int[] {addedToken});
    }

    /**
     * A text in which characters are turned back is searched anew for added tokens that are not special, as if it had never been
     * otherwise; one in which a token was found after normalisation, which is rare, only from there on.
     */
    private void addText(String part, boolean first, UnaryOperator<String> restore, List<Piece> pieces) {
        String restored = restore.apply(part);
        List<Piece> found = new ArrayList<>();
        boolean[] any = {false};
        normalized.split(parts.normalizer().apply(part), first, _ -> true, new AddedTokens.Parts() {
            @Override
            public void text(String text, boolean start) {
                IdBuffer ids = new IdBuffer();
                addWords(Utf8.wellFormed(restore.apply(text)), start, ids);
                found.add(new Plain(ids.toArray()));
            }

            @Override
            public void token(int id) {
                any[0] = true;
                found.add(piece(id));
            }
        });
        if (any[0] || restored.equals(part)) {
            pieces.addAll(found);
        } else {
            pieces.add(new Plain(encodePlain(restored, first)));
        }
    }

    private int[] encodePlain(String text, boolean start) {
        IdBuffer ids = new IdBuffer();
        raw.split(Utf8.wellFormed(text), start, id -> !control.get(id), new AddedTokens.Parts() {
            @Override
            public void text(String part, boolean first) {
                splitNormalized(parts.normalizer().apply(part), first, ids);
            }

            @Override
            public void token(int id) {
                ids.add(id);
            }
        });
        return ids.toArray();
    }

    private void splitNormalized(String text, boolean start, IdBuffer ids) {
        normalized.split(text, start, id -> !control.get(id), new AddedTokens.Parts() {
            @Override
            public void text(String part, boolean first) {
                addWords(part, first, ids);
            }

            @Override
            public void token(int id) {
                ids.add(id);
            }
        });
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
