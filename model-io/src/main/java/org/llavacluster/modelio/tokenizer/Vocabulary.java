package org.llavacluster.modelio.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.llavacluster.modelio.config.ModelFormatException;

/** Tokens by id and ids by token. */
final class Vocabulary {

    private final Map<String, Integer> ids = new HashMap<>();
    private String[] tokens = new String[1 << 15];
    private int size;
    private final String file;

    Vocabulary(String file) {
        this.file = file;
    }

    /**
     * @throws ModelFormatException if the token or the id is already in use
     */
    void add(String token, int id, String field) {
        if (id < 0 || id >= 1 << 24) {
            throw new ModelFormatException(
                    file + ": " + field + ": an id must be from 0 to " + ((1 << 24) - 1) + ", is " + id);
        }
        if (id >= tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(id + 1, 2 * tokens.length));
        }
        Integer before = ids.putIfAbsent(token, id);
        if (before != null && before != id || tokens[id] != null && !tokens[id].equals(token)) {
            throw new ModelFormatException(
                    file + ": " + field + ": id " + id + " has two tokens, or its token has two ids");
        }
        tokens[id] = token;
        size = Math.max(size, id + 1);
    }

    /** The token's id, or -1. */
    int id(String token) {
        Integer id = ids.get(token);
        return id == null ? -1 : id;
    }

    /** The id's token, or null. */
    String token(int id) {
        return id >= 0 && id < size ? tokens[id] : null;
    }

    /** How many tokens there are. */
    int count() {
        return ids.size();
    }

    /** One more than the largest id. */
    int size() {
        return size;
    }

    String file() {
        return file;
    }
}
